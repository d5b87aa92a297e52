# Rules the examples share. An example's Makefile sets PARTS and OUTPUT and includes this file.
#
#   make          link the committed objects of the parts into $(OUTPUT)
#   make objects  compile the parts and whole.o again
#   make clean    remove what make wrote

BPF_CLANG ?= clang-19
BPF_LD ?= node ../../packages/linker-cli/dist/main.js

# The prefix maps keep the folder an object was built in out of it: the same bytes wherever the examples lie.
BPF_CFLAGS ?= -target bpf -mcpu=v3 -O2 -g -Wall -Werror \
	-ffile-prefix-map=$(abspath ..)=. -fdebug-compilation-dir=. -ffile-reproducible

OBJECTS := $(PARTS:%=%.o)
HEADERS := $(wildcard *.h ../include/*.h)

$(OUTPUT): $(OBJECTS)
	mkdir -p $(@D)
	$(BPF_LD) $(OBJECTS) -o $@

.PHONY: objects
objects:
	for part in $(PARTS); do $(BPF_CLANG) $(BPF_CFLAGS) -c $$part.bpf.c -o $$part.o || exit 1; done
	$(BPF_CLANG) $(BPF_CFLAGS) -c whole.bpf.c -o whole.o

.PHONY: clean
clean:
	rm -f $(OUTPUT)
