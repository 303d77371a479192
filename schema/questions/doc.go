// Package questions holds the root fields of GraphQL that ask a question of a
// picture of the data: their arguments, the parameters of the model, and the types
// of their answers. New lists them. What is worked out is worked out by package
// queries, whose table also says what asking costs.
//
// A question that is new is a file here with its field and types, and a line in New;
// its row stands in queries.Questions.
//
// The types of the graph are not known here: package schema makes them first and
// hands in those that answers lead to (Graph), with how a request is read (Request).
package questions
