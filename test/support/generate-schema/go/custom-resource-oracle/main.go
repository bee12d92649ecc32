// Command custom-resource-oracle says what upstream's libraries make of custom resources. Each line of stdin is
// {"schema": openAPIV3Schema, "object": custom resource}; each line of stdout is the object pruned and defaulted, the
// unknown fields, the errors of validation, and the error of a decoding that failed.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"os"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	v1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	kjson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

type in struct {
	Schema json.RawMessage `json:"schema"`
	Object json.RawMessage `json:"object"`
}

type fieldError struct {
	Type  string `json:"type"`
	Field string `json:"field"`
	Text  string `json:"text"`
}

type out struct {
	Err     string       `json:"err,omitempty"`
	Unknown []string     `json:"unknown,omitempty"`
	Object  any          `json:"object,omitempty"`
	Errors  []fieldError `json:"errors,omitempty"`
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func answer(i in) out {
	var external v1.JSONSchemaProps
	must(json.Unmarshal(i.Schema, &external))
	var internal apiextensions.JSONSchemaProps
	must(v1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(&external, &internal, nil))
	structural, err := schema.NewStructural(&internal)
	must(err)
	var object map[string]any
	must(kjson.Unmarshal(i.Object, &object))

	meta, found, unknown, err := objectmeta.GetObjectMetaWithOptions(object, objectmeta.ObjectMetaOptions{ReturnUnknownFieldPaths: true})
	if err != nil {
		return out{Err: err.Error()}
	}
	apiVersion, kind := object["apiVersion"], object["kind"]
	track := schema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}
	unknown = append(unknown, pruning.PruneWithOptions(object, structural, true, track)...)
	defaulting.PruneNonNullableNullsWithoutDefaults(object, structural)
	coerceErr, paths := objectmeta.CoerceWithOptions(nil, object, structural, false, objectmeta.CoerceOptions{ReturnUnknownFieldPaths: true})
	if coerceErr != nil {
		return out{Err: coerceErr.Error()}
	}
	unknown = append(unknown, paths...)
	object["apiVersion"], object["kind"] = apiVersion, kind
	if found {
		must(objectmeta.SetObjectMeta(object, meta))
	}
	defaulting.Default(object, structural)

	validator, _, err := validation.NewSchemaValidator(&internal)
	must(err)
	var all field.ErrorList
	all = append(all, validation.ValidateCustomResource(nil, object, validator)...)
	all = append(all, objectmeta.Validate(context.Background(), nil, object, structural, false)...)
	all = append(all, listtype.ValidateListSetsAndMaps(nil, structural, object)...)
	o := out{Unknown: unknown, Object: object}
	for _, e := range all {
		o.Errors = append(o.Errors, fieldError{string(e.Type), e.Field, e.ErrorBody()})
	}
	return o
}

func main() {
	scanner := bufio.NewScanner(os.Stdin)
	scanner.Buffer(nil, 1<<26)
	writer := bufio.NewWriter(os.Stdout)
	defer writer.Flush()
	encoder := json.NewEncoder(writer)
	encoder.SetEscapeHTML(false)
	for scanner.Scan() {
		var i in
		must(json.Unmarshal(scanner.Bytes(), &i))
		must(encoder.Encode(answer(i)))
	}
}
