# The checks stand once, in install.py; it skips the installing where nothing changed.
PYTHON ?= python3

.PHONY: check demo clean

check:
	$(PYTHON) install.py --test

demo:
	$(PYTHON) install.py --demo

clean:
	$(PYTHON) install.py --uninstall
