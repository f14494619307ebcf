"""What programs are told, one schema for each thing: the objects of `--json` and of the API. Their keys are stable.

Times have their offset, amounts of money are exact decimals as text, ids are numbers, and what is not there is null
or empty. A schema is made by its `of`, from the rows that it tells of.
"""
