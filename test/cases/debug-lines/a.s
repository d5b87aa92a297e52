  .text
  .globl debugline_twice
  .type debugline_twice,@function
debugline_twice:
  r0 = 0
  call debugline_absent
  exit
  .size debugline_twice, .-debugline_twice
