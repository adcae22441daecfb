"""Statecharts as text for the harness: entities, delays, invoked children."""

ORDERS = """
meta: {machine_name: m, version: "1", strict_mode: true}
states:
  - {name: NEW, type: initial}
  - {name: PAID}
  - {name: SHIPPED, type: terminal}
  - {name: LATE, type: terminal}
transitions:
  - {trigger: pay, source: NEW, dest: PAID, guards: [is_enough], actions: [receipt]}
  - {trigger: ship, source: PAID, dest: SHIPPED, actions: [{set: {by: sea}}]}
  - {after: 60000, source: PAID, dest: LATE}
"""

CODE = """
from pathlib import Path

def is_enough(ctx):
    with Path("asked").open("a") as file:
        file.write("?")
    return ctx.get("amount", 0) >= 10

async def receipt(ctx):
    with Path("receipts").open("a") as file:
        file.write(ctx["_action_key"] + "\\n")
    ctx["receipt"] = "r1"
"""
