  .data
  .globl warncom_value
  .type warncom_value, @object
  .size warncom_value, 8
warncom_value:
  .quad 7
