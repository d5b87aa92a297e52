# Rules the examples share. An example's Makefile sets PARTS and OUTPUT and includes this file.
#
#   make          link the committed objects of the parts into $(OUTPUT)
#   make objects  compile the parts and whole.o again
#   make clean    remove what make wrote

include ../flags.mk

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
