"""Between which numbers the tensors inside the two nets lie: those that are named here are calculated with 8 bits.

Measured on development faces by ``python -m tests.bench.calibration``, which prints these tables and how near the results stay
to those of float32; how many people are found and told apart with them: ``tests.bench.detection`` and ``recognition``.

What it gains, on one core: an AMD Zen 3 (7-bit weights) looks at 1,024 x 768 px in 26 ms in place of 41 and embeds a face in
10.5 in place of 18; on a Zen 5 (VNNI) the large products alone brought a face from 3.6 (bfloat16) to 2.5 ms.
"""

EMBEDDER_RANGES = {
    "conv_2_dw_relu": (-4.689, 7.715),
    "conv_3_dw_relu": (-3.162, 7.827),
    "conv_4_dw_relu": (-2.263, 6.733),
    "conv_5_dw_relu": (-3.474, 7.06),
    "conv_6_dw_relu": (-2.088, 8.591),
    "conv_7_dw_relu": (-3.72, 8.848),
    "conv_8_dw_relu": (-2.665, 9.612),
    "conv_9_dw_relu": (-2.704, 7.934),
    "conv_10_dw_relu": (-2.846, 13.521),
    "conv_11_dw_relu": (-2.536, 9.128),
    "conv_12_dw_relu": (-1.958, 8.351),
    "conv_13_dw_relu": (-3.002, 14.236),
    "conv_14_dw_relu": (-0.686, 8.493),
    "bn1": (-0.452, 0.524),
}
"""What SFace's large products read."""

EMBEDDER_APART_RANGES = {
    "conv_1_relu": (-3.671, 6.354),
    "conv_2_relu": (-3.009, 7.385),
    "conv_3_relu": (-3.728, 6.253),
    "conv_4_relu": (-2.022, 4.323),
}
"""What its first convolutions read that keep the channels apart. Only where bfloat16 is missing: with it they are as quick as
with 8 bits, and nearer to float32. The later ones would be little quicker anywhere, and twice as far."""

DETECTOR_RANGES = {
    "input": (0.0, 255.0),
    "184": (0.0, 6.41),
    "188": (0.0, 7.85),
    "193": (0.0, 6.08),
    "197": (0.0, 6.06),
    "201": (0.0, 3.96),
    "205": (0.0, 3.1),
    "210": (0.0, 6.1),
    "214": (0.0, 7.05),
    "219": (0.0, 7.99),
    "223": (0.0, 8.72),
    "228": (0.0, 5.11),
    "232": (0.0, 4.06),
    "236": (0.0, 8.22),
    "242": (0.0, 8.83),
    "246": (0.0, 7.53),
    "252": (0.0, 7.59),
    "256": (0.0, 9.99),
    "185": (-4.05, 4.16),
    "190": (-8.37, 6.34),
    "194": (-4.54, 4.83),
    "198": (-4.81, 3.3),
    "202": (-2.38, 2.75),
    "207": (-3.21, 3.55),
    "211": (-2.96, 3.01),
    "216": (-3.52, 4.67),
    "220": (-6.31, 5.41),
    "225": (-4.03, 8.83),
    "229": (-1.73, 1.77),
    "233": (-2.89, 1.81),
    "243": (-3.66, 3.57),
    "253": (-6.78, 7.2),
}
"""Everything inside YuNet but what comes out at its end. Its faces keep their place to 1 in 100 of their side."""
