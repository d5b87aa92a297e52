long warncom_value;
