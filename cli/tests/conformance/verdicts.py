"""Prints a line for each case of the conformance yardstick: name, what HL7's validator says, what we say.

verdicts.py FOLDER RESULTS: FOLDER has the yardstick's score.py, and RESULTS is what its --save wrote.
"""
import json
import os
import sys

sys.path.insert(0, sys.argv[1])
import score  # noqa: E402

with open(os.path.join(sys.argv[1], "open.json"), encoding="utf-8") as file:
    units = [unit for unit in json.load(file)["units"] if unit["tier"] == "core"]
with open(sys.argv[2], encoding="utf-8") as file:
    results = {result["id"]: result for result in map(json.loads, file)}


def verdict(errors):
    """The verdict, number of errors, and number of distinct places."""
    places = {error[0] for error in errors}
    return f"invalid: {len(errors)} at {len(places)}" if errors else "valid"


for unit in units:
    theirs = score.Expected(unit, sys.argv[1])
    result = results.get(unit["id"], {"failure": "no result"})
    ours = theirs.filter(score.errors_of(result.get("outcome") or {}))
    said = "failed" if "failure" in result else verdict(ours)
    shared = theirs.locs & {error[0] for error in ours}
    if theirs.keep and ours and len(shared) < len(theirs.locs):
        said += f", {len(shared)} as expected"
    print(unit["id"], verdict(theirs.keep), said, sep="\t")
