"""Between the pages and the core: values for the pages, wishes from them. Slow work goes through ``tasks``."""
