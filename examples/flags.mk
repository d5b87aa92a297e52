# The tools of the examples, and how they compile.

BPF_CLANG ?= clang-19
BPF_LD ?= node ../../packages/linker-cli/dist/main.js

# The prefix maps keep the folder an object was built in out of it: the same bytes wherever the examples lie.
BPF_CFLAGS ?= -target bpf -mcpu=v3 -O2 -g -Wall -Werror \
	-ffile-prefix-map=$(abspath ..)=. -fdebug-compilation-dir=. -ffile-reproducible
