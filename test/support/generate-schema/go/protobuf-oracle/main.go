// Command protobuf-oracle reads objects as JSON lines and prints, for each, what upstream makes of it: the object as
// upstream's JSON, and as upstream's protobuf body in base64.
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"os"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	"k8s.io/client-go/kubernetes/scheme"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	out := json.NewEncoder(os.Stdout)
	writer := protobuf.NewSerializer(scheme.Scheme, scheme.Scheme)
	for lines.Scan() {
		object, _, err := scheme.Codecs.UniversalDeserializer().Decode(lines.Bytes(), nil, nil)
		if err != nil {
			panic(err)
		}
		var body bytes.Buffer
		if err := writer.Encode(object, &body); err != nil {
			panic(err)
		}
		text, err := runtime.Encode(scheme.Codecs.LegacyCodec(object.GetObjectKind().GroupVersionKind().GroupVersion()), object)
		if err != nil {
			panic(err)
		}
		if err := out.Encode(map[string]any{"json": json.RawMessage(text), "protobuf": base64.StdEncoding.EncodeToString(body.Bytes())}); err != nil {
			panic(err)
		}
	}
}
