"""`python -m observatory` is the command line."""

import sys

from observatory.cli.parser import main

sys.exit(main())
