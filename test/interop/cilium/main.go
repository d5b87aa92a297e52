// Cilium-peer reads a BPF object with github.com/cilium/ebpf and prints one line of JSON.
//
//	cilium-peer parse FILE    list the programs, maps and variables
//	cilium-peer load FILE     load it into the kernel as well, and list the programs and maps that are there
//	cilium-peer check FILE... parse and load each by itself, and print one line for each
//
// Nothing is attached and nothing is pinned. The exit status is 0, 1 when the library or the kernel refused (the JSON
// has an error), or 2 for a wrong command.
package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strings"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/rlimit"
)

type program struct {
	Name         string `json:"name"`
	Type         string `json:"type"`
	Section      string `json:"section"`
	License      string `json:"license"`
	Instructions int    `json:"instructions"`
}

type mapping struct {
	Name       string    `json:"name"`
	Type       string    `json:"type"`
	KeySize    uint32    `json:"keySize"`
	ValueSize  uint32    `json:"valueSize"`
	MaxEntries uint32    `json:"maxEntries"`
	Flags      uint32    `json:"flags"`
	Inner      *mapping  `json:"inner,omitempty"`
	Contents   []content `json:"contents,omitempty"`
}

// A content is an entry the object itself puts into a map of maps or a program array: its value names what it holds.
type content struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

type variable struct {
	Name     string `json:"name"`
	Section  string `json:"section"`
	Size     uint32 `json:"size"`
	Constant bool   `json:"constant"`
	Value    string `json:"value"`
}

type report struct {
	Error     string     `json:"error,omitempty"`
	ByteOrder string     `json:"byteOrder,omitempty"`
	Programs  []program  `json:"programs,omitempty"`
	Maps      []mapping  `json:"maps,omitempty"`
	Variables []variable `json:"variables,omitempty"`
	Loaded    []string   `json:"loaded,omitempty"`
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "check" {
		for _, file := range os.Args[2:] {
			if err := json.NewEncoder(os.Stdout).Encode(check(file)); err != nil {
				os.Exit(1)
			}
		}
		return
	}
	if len(os.Args) != 3 || (os.Args[1] != "parse" && os.Args[1] != "load") {
		fmt.Fprintln(os.Stderr, "usage: cilium-peer parse|load FILE, or check FILE...")
		os.Exit(2)
	}
	result, err := examine(os.Args[2], os.Args[1] == "load")
	if err != nil {
		result = report{Error: fmt.Sprintf("%+v", err)}
	}
	if encodeErr := json.NewEncoder(os.Stdout).Encode(result); encodeErr != nil || err != nil {
		os.Exit(1)
	}
}

// A verdict says where the library or the kernel refused an object: at "open" or at "load", or not at all.
type verdict struct {
	File  string `json:"file"`
	Stage string `json:"stage,omitempty"`
	Error string `json:"error,omitempty"`
}

func check(file string) (result verdict) {
	result = verdict{File: file}
	stage := "open"
	defer func() {
		if problem := recover(); problem != nil {
			result.Stage, result.Error = stage, fmt.Sprint("panic: ", problem)
		}
	}()
	spec, err := ebpf.LoadCollectionSpec(file)
	if err == nil {
		stage = "load"
		err = load(spec, func(*ebpf.Collection) {})
	}
	if err != nil {
		result.Stage, result.Error = stage, fmt.Sprintf("%v", err)
	}
	return result
}

// load loads a collection into the kernel, shows it to use, and unloads it.
func load(spec *ebpf.CollectionSpec, use func(*ebpf.Collection)) error {
	if err := rlimit.RemoveMemlock(); err != nil {
		return err
	}
	// A question mark leaves a program to the user, who this is not.
	for name, each := range spec.Programs {
		if strings.HasPrefix(each.SectionName, "?") {
			delete(spec.Programs, name)
		}
	}
	collection, err := ebpf.NewCollection(spec)
	if err != nil {
		return err
	}
	defer collection.Close()
	use(collection)
	return nil
}

func examine(file string, loads bool) (report, error) {
	spec, err := ebpf.LoadCollectionSpec(file)
	if err != nil {
		return report{}, err
	}
	result := describe(spec)
	if !loads {
		return result, nil
	}
	err = load(spec, func(collection *ebpf.Collection) {
		for name := range collection.Programs {
			result.Loaded = append(result.Loaded, name)
		}
		for name := range collection.Maps {
			result.Loaded = append(result.Loaded, name)
		}
	})
	if err != nil {
		return report{}, err
	}
	sort.Strings(result.Loaded)
	return result, nil
}

func describe(spec *ebpf.CollectionSpec) report {
	result := report{ByteOrder: fmt.Sprint(spec.ByteOrder)}
	for _, each := range spec.Programs {
		result.Programs = append(result.Programs, program{
			Name:         each.Name,
			Type:         each.Type.String(),
			Section:      each.SectionName,
			License:      each.License,
			Instructions: len(each.Instructions),
		})
	}
	for _, each := range spec.Maps {
		result.Maps = append(result.Maps, describeMap(each))
	}
	for _, each := range spec.Variables {
		result.Variables = append(result.Variables, variable{
			Name:     each.Name,
			Section:  each.SectionName,
			Size:     each.Size(),
			Constant: each.Constant(),
			Value:    hex.EncodeToString(each.Value),
		})
	}
	sort.Slice(result.Programs, func(i, j int) bool { return result.Programs[i].Name < result.Programs[j].Name })
	sort.Slice(result.Maps, func(i, j int) bool { return result.Maps[i].Name < result.Maps[j].Name })
	sort.Slice(result.Variables, func(i, j int) bool { return result.Variables[i].Name < result.Variables[j].Name })
	return result
}

func describeMap(spec *ebpf.MapSpec) mapping {
	result := mapping{
		Name:       spec.Name,
		Type:       spec.Type.String(),
		KeySize:    spec.KeySize,
		ValueSize:  spec.ValueSize,
		MaxEntries: spec.MaxEntries,
		Flags:      spec.Flags,
	}
	if spec.InnerMap != nil {
		inner := describeMap(spec.InnerMap)
		result.Inner = &inner
	}
	for _, each := range spec.Contents {
		// Of data sections the contents are bytes, which the variables tell by name.
		if name, ok := each.Value.(string); ok {
			result.Contents = append(result.Contents, content{Key: fmt.Sprint(each.Key), Value: name})
		}
	}
	return result
}
