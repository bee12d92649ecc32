// Command field-numbers prints the protobuf field numbers of the Kubernetes API types, as JSON on stdout: for each Go
// struct, a text of `NAME NUMBER` pairs. NAME is the JSON name of the field; for an embedded struct, which is a
// message of its own in protobuf, it is `>` and the struct's name.
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

var structs = map[string]string{}

func visit(t reflect.Type) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		visit(t.Elem())
		return
	case reflect.Map:
		visit(t.Elem())
		return
	case reflect.Struct:
	default:
		return
	}
	name := shortPackage(t.PkgPath()) + "." + t.Name()
	if _, seen := structs[name]; seen {
		return
	}
	structs[name] = ""
	var pairs []string
	for i := range t.NumField() {
		field := t.Field(i)
		parts := strings.Split(field.Tag.Get("protobuf"), ",")
		if len(parts) < 2 {
			continue
		}
		visit(field.Type)
		json, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if field.Anonymous && json == "" {
			json = ">" + shortPackage(field.Type.PkgPath()) + "." + field.Type.Name()
		}
		pairs = append(pairs, json+" "+parts[1])
	}
	structs[name] = strings.Join(pairs, " ")
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
	for gvk, t := range s.AllKnownTypes() {
		if gvk.Version == "v1" || gvk.Version == "v2" {
			visit(t)
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(structs); err != nil {
		panic(err)
	}
}
