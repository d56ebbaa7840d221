"""What tests of several folders share: plates, shots, models, takes, hands on the panel."""
