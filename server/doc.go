// Package server is how entangle is reached: HTTP routes, middleware and the life of the
// listener. It knows nothing of the graph; documents go through an Executor.
//
//	POST, GET /graphql   GraphQL over HTTP: JSON in, JSON out, queries only by GET
//	GET /                GraphiQL, if switched on, with the document of /example.graphql
//	GET /healthz         200 while the process lives
//	GET /readyz          200 when the store can be asked, else 503 and the reason
//	GET /metrics         Prometheus
//
// Statuses follow the draft "GraphQL over HTTP" as its audit suite has it: a request that
// is no GraphQL request (not JSON, a parameter of the wrong type) is answered with 4xx. A
// document that cannot be run is answered with 400 to a client that accepts
// application/graphql-response+json, and with 200 to one that asks for application/json.
// Once there is data the status is 200, whatever errors stand beside it.
//
// There is no authentication yet. So the server binds to loopback addresses only, unless
// it is told otherwise, and there it answers only to names of this machine: a page of
// another site cannot reach it by pointing its own name at 127.0.0.1. It sends no CORS
// headers and takes JSON bodies only, which no HTML form can send.
package server
