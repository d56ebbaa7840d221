# The checks stand once, in install.py; it skips the installing where nothing changed.
PYTHON ?= python3

.PHONY: check demo clean faults figures

check:
	$(PYTHON) install.py --test

demo:
	$(PYTHON) install.py --demo

clean:
	$(PYTHON) install.py --uninstall

# A shot to which everything happens, in its long form: some minutes.
faults:
	.venv/bin/python -m pytest -s tests/reage/shot/test_rendering_faults.py --kills 50

# The figures of docs/speed.md and its pictures: ten minutes on two quiet cores. The model of
# version 4 is in the history; the large one that ours is held against is made, with random weights.
FIGURES = build/figures
BENCH = .venv/bin/reage bench

figures:
	mkdir -p $(FIGURES)
	git show ca36f07:inference/reage/models/reage_default.onnx > $(FIGURES)/v4.onnx
	.venv/bin/reage-train fran-sized -o $(FIGURES)/fran.onnx
	$(BENCH) speed --crop-size 512 > $(FIGURES)/speed_512.txt
	$(BENCH) speed --crop-size 1024 --count 60 > $(FIGURES)/speed_1024.txt
	$(BENCH) stages --crop-size 512 > $(FIGURES)/stages.txt
	$(BENCH) plates --count 40 > $(FIGURES)/plates.txt
	$(BENCH) growth --count 3000 > $(FIGURES)/growth.txt
	$(BENCH) jobs > $(FIGURES)/jobs.txt
	$(BENCH) disk > $(FIGURES)/disk.txt
	$(BENCH) against --crop-size 512 --beside $(FIGURES)/v4.onnx > $(FIGURES)/against_v4.txt
	$(BENCH) against --crop-size 1024 --beside $(FIGURES)/fran.onnx > $(FIGURES)/against_fran.txt
	rm -f $(FIGURES)/half.onnx
	.venv/bin/reage-train rewrite --half --emulate -o $(FIGURES)/half.onnx
	$(BENCH) gpu --device cpu --half $(FIGURES)/half.onnx > $(FIGURES)/gpu_page.txt
	QT_QPA_PLATFORM=offscreen $(BENCH) --interactive --count 20 > $(FIGURES)/interactive.txt
	$(BENCH) --live --count 20 > $(FIGURES)/live.txt
	.venv/bin/python docs/curves.py $(FIGURES)/growth.txt $(FIGURES)/plates.txt
	tail -n +1 $(FIGURES)/*.txt
