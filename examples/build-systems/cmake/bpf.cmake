# bpf_ld_add_object(<target>
#   SOURCES <source>...
#   [OUTPUT <file>]               default: <target>.o in the binary folder
#   [COMPILE_OPTIONS <option>...]
#   [LINK_OPTIONS <option>...])
#
# Adds a target, part of `all`, that compiles each source for BPF and links the objects into one. The target's property
# BPF_OBJECT is the path of the output. Needs CMake 3.20 for DEPFILE in Makefiles.

find_program(BPF_CLANG NAMES clang-19 clang REQUIRED)
find_program(BPF_LD NAMES bpf-ld REQUIRED)

function(bpf_ld_add_object target)
  # Depfiles relative to the binary folder, as clang and bpf-ld are run there.
  if(POLICY CMP0116)
    cmake_policy(SET CMP0116 NEW)
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "OUTPUT" "SOURCES;COMPILE_OPTIONS;LINK_OPTIONS")
  if(NOT arg_SOURCES OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "bpf_ld_add_object(<target> SOURCES <source>...): ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_OUTPUT)
    set(arg_OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${target}.o)
  endif()

  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${target}.dir)
  file(MAKE_DIRECTORY ${folder})
  set(objects)
  foreach(source IN LISTS arg_SOURCES)
    get_filename_component(path ${source} ABSOLUTE)
    get_filename_component(stem ${source} NAME_WE)
    set(object ${folder}/${stem}.o)
    add_custom_command(
      OUTPUT ${object}
      COMMAND ${BPF_CLANG} -target bpf -O2 -g ${arg_COMPILE_OPTIONS}
        -MMD -MF ${object}.d -MQ ${object} -c ${path} -o ${object}
      DEPENDS ${path}
      DEPFILE ${object}.d
      COMMENT "Compiling ${stem} for BPF"
      VERBATIM
    )
    list(APPEND objects ${object})
  endforeach()

  add_custom_command(
    OUTPUT ${arg_OUTPUT}
    COMMAND ${BPF_LD} ${objects} ${arg_LINK_OPTIONS} --dependency-file=${arg_OUTPUT}.d -o ${arg_OUTPUT}
    DEPENDS ${objects}
    DEPFILE ${arg_OUTPUT}.d
    COMMENT "Linking ${target} for BPF"
    VERBATIM
  )
  add_custom_target(${target} ALL DEPENDS ${arg_OUTPUT})
  set_target_properties(${target} PROPERTIES BPF_OBJECT ${arg_OUTPUT})
endfunction()
