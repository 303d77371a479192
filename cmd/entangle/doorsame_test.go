package main

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// inReports are the fields of reports whose names differ from those of GraphQL.
var inReports = map[string]string{
	"dataVersion": "Version", "snapshot": "Hash", "model": "Params", "simulated": "Sets Runs", "parameter": "Name",
	"struckCount": "Struck", "ralliedCount": "Rallied", "lostCount": "Lost", "sufficientCount": "Sufficient", "purgedCount": "Purged",
	"curveCount": "Curve", "anyCount": "Any", "bridgeCount": "Bridges", "oneLineCount": "OneLine", "institutionCount": "Institutions",
	"failedCount": "Failed", "tail": "TailAfter Tail", "expected": "ExpectedAfter Expected", "ownExpected": "OwnExpectedAfter OwnExpected",
	"ownInstitutionCount": "OwnInstitutions",
}

// elsewhere are the fields that are worked out of several of a report, or have another
// shape there.
var elsewhere = map[string]bool{
	"evidenceCount": true, "causeCount": true, "requirements": true, "leadingPosts": true, "headcount": true, "weights": true, "recoveryByType": true,
}

// sameness compares a report with the object that a door made of it.
type sameness struct {
	t      *testing.T
	leaves int
}

func (c *sameness) object(path string, report reflect.Value, answer map[string]any) {
	for _, bound := range []string{"Low", "High"} {
		if t := report.Type(); t.Kind() == reflect.Struct && answer[strings.ToLower(bound)] == nil {
			if _, ok := t.FieldByName(bound); ok {
				c.t.Errorf("%s: %s has an interval, the answer has no %s bound", path, t, strings.ToLower(bound))
			}
		}
	}
	for name, value := range answer {
		if elsewhere[name] {
			continue
		}
		v, ok := fieldNamed(report, name)
		if !ok {
			c.t.Errorf("%s.%s: %s has no such field", path, name, report.Type())
			continue
		}
		c.value(path+"."+name, v, value)
	}
}

// fieldNamed finds the field of a report that a name of GraphQL stands for.
func fieldNamed(report reflect.Value, name string) (reflect.Value, bool) {
	for report.Kind() == reflect.Pointer {
		report = report.Elem()
	}
	if report.Kind() != reflect.Struct {
		return reflect.Value{}, false
	}
	base := strings.TrimSuffix(name, "Count")
	names := append(strings.Fields(inReports[name]), name, base+"s", base)
	for _, name := range names {
		if v := report.FieldByNameFunc(func(field string) bool { return strings.EqualFold(field, name) }); v.IsValid() {
			return v, true
		}
	}
	for _, part := range []string{"Counts", "Requirement"} {
		if v := report.FieldByName(part); v.IsValid() {
			return fieldNamed(v, name)
		}
	}
	// A row that is about a node embeds it.
	v := report.FieldByName("ID")
	return v, v.IsValid()
}

func (c *sameness) value(path string, v reflect.Value, answer any) {
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	switch x := answer.(type) {
	case nil:
		if !v.IsZero() && !(v.Kind() == reflect.Float64 && math.IsInf(v.Float(), 1)) { // what is endless is null
			c.t.Errorf("%s: null, but %v", path, v)
		}
	case map[string]any:
		c.object(path, v, x)
	case []any:
		if v.Kind() != reflect.Slice || v.Len() != len(x) {
			c.t.Errorf("%s: %d items, but %v", path, len(x), v)
			return
		}
		for i, item := range x {
			c.value(fmt.Sprintf("%s[%d]", path, i), v.Index(i), item)
		}
	default:
		c.leaves++
		if got := leaf(v, answer); got != answer {
			c.t.Errorf("%s: %v, but %v", path, answer, got)
		}
	}
}

// leaf writes a value as JSON has it.
func leaf(v reflect.Value, answer any) any {
	switch answer.(type) {
	case float64:
		switch v.Kind() {
		case reflect.Slice, reflect.Map:
			return float64(v.Len())
		case reflect.Int, reflect.Int32, reflect.Int64:
			return float64(v.Int())
		case reflect.Float64:
			return v.Float()
		default:
		}
	case bool:
		if v.Kind() == reflect.Bool {
			return v.Bool()
		}
	case string:
		if v.Kind() == reflect.Uint64 {
			return strconv.FormatUint(v.Uint(), 10)
		}
		if v.Kind() == reflect.Struct && v.FieldByName("ID").IsValid() {
			return fmt.Sprint(v.FieldByName("ID"))
		}
	}
	return fmt.Sprint(v.Interface())
}
