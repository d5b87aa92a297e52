  .file "a.s"
  .section socket, "ax"
  .globl retain_main
  .type retain_main, @function
retain_main:
  r0 = 0
retain_label:
  r1 = retain_needed ll
retain_kept_label:
  exit
  .size retain_main, .-retain_main
  .data
  .globl retain_needed
  .type retain_needed, @object
retain_needed:
  .quad 1
  .size retain_needed, 8
  .globl retain_unused
  .type retain_unused, @object
retain_unused:
  .quad 2
  .size retain_unused, 8
