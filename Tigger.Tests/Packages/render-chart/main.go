// Renders a Helm chart's templates with what Helm is made of (Go's text/template and sprig) where Helm itself cannot be had:
// render-chart TEMPLATES_DIRECTORY < {"Values":{},"Release":{},"Chart":{}}. It has the functions of Helm's that the chart uses.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// block writes a value in YAML's block style, as Helm does, its keys sorted; scalars and what is empty as JSON, which is YAML.
func block(value interface{}, indent string) string {
	var text strings.Builder
	switch node := value.(type) {
	case map[string]interface{}:
		var keys []string
		for key := range node {
			keys = append(keys, key)
		}
		sort.Strings(keys)
		for _, key := range keys {
			fmt.Fprintf(&text, "\n%s%s:%s", indent, scalar(key), block(node[key], indent+"  "))
		}
	case []interface{}:
		for _, item := range node {
			fmt.Fprintf(&text, "\n%s-%s", indent, block(item, indent+"  "))
		}
	}
	if text.Len() > 0 {
		return text.String()
	}
	return " " + scalar(value)
}

func scalar(value interface{}) string {
	text, err := json.Marshal(value)
	must(err)
	return string(text)
}

func main() {
	chart := template.New("chart").Option("missingkey=error")
	functions := sprig.TxtFuncMap()
	functions["include"] = func(name string, data interface{}) (string, error) {
		var text strings.Builder
		err := chart.ExecuteTemplate(&text, name, data)
		return text.String(), err
	}
	functions["toYaml"] = func(value interface{}) string { return strings.TrimPrefix(block(value, ""), "\n") }
	chart.Funcs(functions)
	files, err := filepath.Glob(filepath.Join(os.Args[1], "*"))
	must(err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		must(err)
		_, err = chart.New(filepath.Base(file)).Parse(string(text))
		must(err)
	}
	var values map[string]interface{}
	must(json.NewDecoder(os.Stdin).Decode(&values))
	for _, file := range files {
		if strings.HasSuffix(file, ".yaml") {
			fmt.Println("---")
			must(chart.ExecuteTemplate(os.Stdout, filepath.Base(file), values))
			fmt.Println()
		}
	}
}
