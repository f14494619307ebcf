"""The only tests that may be skipped, each with the reason; any other test that is skipped fails."""

ALLOWED = {
    "tests/package/test_other_pythons.py::test_unit_tests_pass[3.12]": "Python 3.12 is not on every machine.",
    "tests/package/test_other_pythons.py::test_unit_tests_pass[3.13]": "Python 3.13 is not on every machine.",
}
