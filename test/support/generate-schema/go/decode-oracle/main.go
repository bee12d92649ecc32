// Command decode-oracle says what Go's decoder makes of JSON. Each line of stdin is {"G": group, "V": version,
// "K": kind, "J": JSON text}; each line of stdout is the object encoded again, or the error, and the strict errors.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	kjson "k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/client-go/kubernetes/scheme"
	apiregistration "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
)

type in struct {
	G, V, K string
	J       string
}
type out struct {
	Err    string          `json:"err,omitempty"`
	Strict string          `json:"strict,omitempty"`
	Object json.RawMessage `json:"object,omitempty"`
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
	ser := kjson.NewSerializerWithOptions(kjson.DefaultMetaFactory, s, s, kjson.SerializerOptions{Strict: true})
	sc := bufio.NewScanner(os.Stdin)
	sc.Buffer(nil, 1<<26)
	w := bufio.NewWriter(os.Stdout)
	defer w.Flush()
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for sc.Scan() {
		var i in
		if err := json.Unmarshal(sc.Bytes(), &i); err != nil {
			panic(err)
		}
		gvk := schema.GroupVersionKind{Group: i.G, Version: i.V, Kind: i.K}
		obj, _, err := ser.Decode([]byte(i.J), &gvk, nil)
		o := out{}
		if err != nil {
			if runtime.IsStrictDecodingError(err) {
				o.Strict = err.Error()
			} else {
				o.Err = err.Error()
			}
		}
		if obj != nil && o.Err == "" {
			var b bytes.Buffer
			if err := ser.Encode(obj, &b); err != nil {
				panic(err)
			}
			o.Object = b.Bytes()
		}
		if err := e.Encode(o); err != nil {
			panic(err)
		}
	}
}
