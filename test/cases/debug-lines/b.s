  .text
  .globl debugline_twice
  .type debugline_twice,@function
debugline_twice:
  r0 = 0
  call debugline_other
  exit
  .size debugline_twice, .-debugline_twice
