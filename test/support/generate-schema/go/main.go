// Command schema-facts prints what Go's reflection knows of the Kubernetes API types, as JSON on stdout:
// which Go type each kind is, and each struct's JSON fields with their Go types and encoding options.
package main

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/scheme"
	apiregistration "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
)

type field struct {
	Name string `json:"name"`
	Type string `json:"type"`
	// OmitEmpty and OmitZero are the options of the json tag.
	OmitEmpty bool `json:"omitEmpty"`
	OmitZero  bool `json:"omitZero"`
	// Through names the embedded structs that the field comes from, outermost first.
	Through []string `json:"through,omitempty"`
}

type facts struct {
	// Kinds maps "group/version/Kind" to a Go type.
	Kinds map[string]string `json:"kinds"`
	// Structs maps a Go type to its JSON fields, embedded structs flattened.
	Structs map[string][]field `json:"structs"`
	// Named maps a named type that is no struct to what it is made of.
	Named map[string]string `json:"named"`
	// Opaque lists the types that decode themselves.
	Opaque map[string]bool `json:"opaque"`
}

var unmarshaler = reflect.TypeOf((*json.Unmarshaler)(nil)).Elem()

// shortPackage makes core/v1 of k8s.io/api/core/v1, and intstr of k8s.io/apimachinery/pkg/util/intstr.
func shortPackage(path string) string {
	if p, ok := strings.CutPrefix(path, "k8s.io/api/"); ok {
		return p
	}
	if i := strings.LastIndex(path, "/apis/"); i >= 0 {
		return path[i+len("/apis/"):]
	}
	return path[strings.LastIndex(path, "/")+1:]
}

func (f *facts) name(t reflect.Type) string {
	if t.Name() != "" {
		if t.PkgPath() == "" {
			return t.Name()
		}
		name := shortPackage(t.PkgPath()) + "." + t.Name()
		f.visit(t, name)
		return name
	}
	switch t.Kind() {
	case reflect.Pointer:
		return "*" + f.name(t.Elem())
	case reflect.Slice:
		return "[]" + f.name(t.Elem())
	case reflect.Map:
		return "map[" + f.name(t.Key()) + "]" + f.name(t.Elem())
	case reflect.Interface:
		return "any"
	}
	panic("unexpected type " + t.String())
}

func (f *facts) visit(t reflect.Type, name string) {
	if f.Opaque[name] || f.Named[name] != "" || f.Structs[name] != nil {
		return
	}
	if reflect.PointerTo(t).Implements(unmarshaler) {
		f.Opaque[name] = true
		if t.Kind() != reflect.Struct || !strings.HasPrefix(name, "apiextensions/") {
			return
		}
	}
	if t.Kind() == reflect.Struct {
		f.Structs[name] = []field{}
		f.Structs[name] = f.fields(t)
		return
	}
	f.Named[name] = "?"
	f.Named[name] = f.underlying(t)
}

func (f *facts) underlying(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Slice:
		return "[]" + f.name(t.Elem())
	case reflect.Map:
		return "map[" + f.name(t.Key()) + "]" + f.name(t.Elem())
	case reflect.Interface:
		return "any"
	}
	return t.Kind().String()
}

func (f *facts) fields(t reflect.Type) []field {
	out := []field{}
	for i := range t.NumField() {
		sf := t.Field(i)
		if !sf.IsExported() && !sf.Anonymous {
			continue
		}
		name, options, _ := strings.Cut(sf.Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		if sf.Anonymous && name == "" {
			for _, inner := range f.fields(sf.Type) {
				inner.Through = append([]string{sf.Name}, inner.Through...)
				out = append(out, inner)
			}
			continue
		}
		if name == "" {
			name = sf.Name
		}
		list := strings.Split(options, ",")
		has := func(o string) bool {
			for _, x := range list {
				if x == o {
					return true
				}
			}
			return false
		}
		out = append(out, field{name, f.name(sf.Type), has("omitempty"), has("omitzero"), nil})
	}
	return out
}

func main() {
	s := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		scheme.AddToScheme, apiextensions.AddToScheme, apiregistration.AddToScheme,
	} {
		if err := add(s); err != nil {
			panic(err)
		}
	}
	f := &facts{map[string]string{}, map[string][]field{}, map[string]string{}, map[string]bool{}}
	for gvk, t := range s.AllKnownTypes() {
		if gvk.Version == runtime.APIVersionInternal || !strings.HasPrefix(gvk.Version, "v") {
			continue
		}
		f.Kinds[gvk.Group+"/"+gvk.Version+"/"+gvk.Kind] = f.name(t)
	}
	e := json.NewEncoder(os.Stdout)
	e.SetIndent("", " ")
	if err := e.Encode(f); err != nil {
		panic(err)
	}
}
