// Tries calls on what one package of Go defines, as a test file of that package: src/checks/compiled/go.ts gives it the package's name and
// the calls. What is to be done is in QWILL_PROBE: a mark, the number of the mutant that is to be run in the place of the code (0: none),
// and the numbers of the calls in their order. For each call there is a line of the mark, the number of the mutant, the number of the call,
// its kind, what it does in hexadecimal digits, and the marked places that it ran.
package PACKAGE

import (
	"fmt"
	"os"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"
)

const (
	qwillLongest  = 400
	qwillPatience = 500 * time.Millisecond
)

var (
	qwillMutant int
	qwillRan    [MARKS]bool
)

func qwillAll(values ...any) []any { return values }

func TestQwillProbe(t *testing.T) {
	asked := strings.Fields(os.Getenv("QWILL_PROBE"))
	if len(asked) < 2 {
		t.Skip()
	}
	qwillMutant, _ = strconv.Atoi(asked[1])
	fmt.Printf("\n%s begun %d\n", asked[0], qwillMutant)
	for _, each := range asked[2:] {
		number, _ := strconv.Atoi(each)
		for i := range qwillRan {
			qwillRan[i] = false
		}
		kind, does := qwillDone(qwillCalls[number])
		var ran []string
		for i, did := range qwillRan {
			if did {
				ran = append(ran, strconv.Itoa(i))
			}
		}
		fmt.Printf("\n%s %d %d %s %x %s.\n", asked[0], qwillMutant, number, kind, does, strings.Join(ran, ","))
		if kind == "late" {
			os.Exit(0) // Nothing is known of the calls behind one that does not end.
		}
	}
	os.Exit(0)
}

func qwillDone(call func() []any) (kind, does string) {
	type outcome struct{ kind, does string }
	done := make(chan outcome, 1)
	go func() {
		defer func() {
			if recover() != nil {
				done <- outcome{"error", "! panic"}
			}
		}()
		kind, does := qwillTold(call())
		done <- outcome{kind, does}
	}()
	select {
	case one := <-done:
		return one.kind, one.does
	case <-time.After(qwillPatience):
		return "late", "! late"
	}
}

// What a call gives, as it is written in code; an error, the last value, as such.
func qwillTold(values []any) (kind, does string) {
	if len(values) > 0 {
		if _, is := values[len(values)-1].(error); is {
			return "error", "! " + strings.Repeat("_, ", len(values)-1) + "error"
		}
	}
	var all []string
	for _, value := range values {
		text, ok := qwillSource(reflect.ValueOf(value), false, 0)
		if !ok {
			return "other", fmt.Sprintf("<%T>", value)
		}
		all = append(all, text)
	}
	does = strings.Join(all, ", ")
	if len(does) > qwillLongest {
		return "other", does[:qwillLongest]
	}
	return "value", does
}

type qwillOwn struct{}

// The name of a type as this package writes it; none where it is another package's.
func qwillName(of reflect.Type) (string, bool) {
	own := strings.TrimSuffix(reflect.TypeOf(qwillOwn{}).String(), "qwillOwn")
	name := strings.ReplaceAll(strings.ReplaceAll(of.String(), own, ""), "interface {}", "interface{}")
	return name, !strings.ContainsAny(name, ".;( ")
}

// `exact`: where the type of a constant counts.
func qwillSource(value reflect.Value, exact bool, depth int) (string, bool) {
	if !value.IsValid() {
		return "nil", true
	}
	if depth > 8 {
		return "", false
	}
	name, named := qwillName(value.Type())
	constant := func(text, usual string) (string, bool) {
		if !exact || name == usual {
			return text, true
		}
		return name + "(" + text + ")", named
	}
	inner := func(one reflect.Value) (string, bool) {
		return qwillSource(one, one.Kind() == reflect.Interface, depth+1)
	}
	list := func(count int, each func(int) (string, bool)) (string, bool) {
		parts := make([]string, count)
		for i := range parts {
			text, ok := each(i)
			if !ok {
				return "", false
			}
			parts[i] = text
		}
		return name + "{" + strings.Join(parts, ", ") + "}", named
	}
	switch value.Kind() {
	case reflect.Bool:
		return constant(strconv.FormatBool(value.Bool()), "bool")
	case reflect.String:
		return constant(strconv.Quote(value.String()), "string")
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return constant(strconv.FormatInt(value.Int(), 10), "int")
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return constant(strconv.FormatUint(value.Uint(), 10), "uint")
	case reflect.Float32, reflect.Float64:
		text := strconv.FormatFloat(value.Float(), 'g', -1, value.Type().Bits())
		if strings.ContainsAny(text, "NI") {
			return "", false
		}
		if !strings.ContainsAny(text, ".e") {
			text += ".0"
		}
		return constant(text, "float64")
	case reflect.Interface:
		if value.IsNil() {
			return "nil", true
		}
		return qwillSource(value.Elem(), true, depth+1)
	case reflect.Slice:
		if value.IsNil() {
			return name + "(nil)", named
		}
		return list(value.Len(), func(i int) (string, bool) { return inner(value.Index(i)) })
	case reflect.Array:
		return list(value.Len(), func(i int) (string, bool) { return inner(value.Index(i)) })
	case reflect.Map:
		if value.IsNil() {
			return name + "(nil)", named
		}
		var pairs []string
		for _, key := range value.MapKeys() {
			first, ok := inner(key)
			second, also := inner(value.MapIndex(key))
			if !ok || !also {
				return "", false
			}
			pairs = append(pairs, first+": "+second)
		}
		sort.Strings(pairs)
		return list(len(pairs), func(i int) (string, bool) { return pairs[i], true })
	case reflect.Struct:
		var fields []string
		for i := 0; i < value.NumField(); i++ {
			if value.Field(i).IsZero() {
				continue
			}
			text, ok := inner(value.Field(i))
			if !ok {
				return "", false
			}
			fields = append(fields, value.Type().Field(i).Name+": "+text)
		}
		return list(len(fields), func(i int) (string, bool) { return fields[i], true })
	case reflect.Pointer:
		if value.IsNil() {
			return "(" + name + ")(nil)", named
		}
		if value.Elem().Kind() != reflect.Struct {
			return "", false
		}
		text, ok := qwillSource(value.Elem(), false, depth+1)
		return "&" + text, ok
	}
	return "", false
}

var qwillCalls = []func() []any{
CALLS
}
