package main

import (
	"encoding/json"
	"fmt"
	"strings"
)

// exampleQuery is what the query page opens with and what serve --sample prints.
const exampleQuery = `{
  purge(targets: ["Badr Organization"], asOf: "2020-08-24") {
    institutions(first: 5) {
      institution { name }
      fractured { p low high }
      why { failed { support retained need causes { share path { type from { name } to { name } tie { grade citations { source { name url } } } } } } }
    }
    basis { samples seed snapshot }
  }
}`

// greet tells where the server is and what to try.
func (a *app) greet(addr string, sample, page bool) {
	fmt.Fprintf(a.stdout, "entangle serves GraphQL at http://%s/graphql\n", addr)
	if page {
		fmt.Fprintf(a.stdout, "query page: http://%s/\n", addr)
	}
	if !sample {
		return
	}
	body, err := json.Marshal(map[string]string{"query": strings.Join(strings.Fields(exampleQuery), " ")})
	if err != nil {
		return
	}
	fmt.Fprintf(a.stdout, "\nTry it: which institutions would a purge of the Badr Organization fracture?\n\n")
	fmt.Fprintf(a.stdout, "curl -s http://%s/graphql -H 'Content-Type: application/json' -d '%s'\n", addr, strings.ReplaceAll(string(body), "'", `'\''`))
}
