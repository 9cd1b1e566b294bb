"""A variable is drawn as one node.

In the graph it is several: the place that holds the value (VariableV2), its initial value,
the assignment of that, and a read (Identity); and what an optimizer keeps for it.
"""


def fold(ops):
    """({operation: VariableV2 that it is drawn as part of}, operations to leave out).

    Left out are the NoOps that stand for "run all initializers".
    """
    present, owner, assigns = set(ops), {}, set()
    for place in ops:
        if place.type != "VariableV2":
            continue
        owner[place] = place
        for op in place.consumers:
            if op not in present:
                continue
            if op.type == "Identity" and not op.control_inputs:
                owner[op] = place
            elif _initializes(op, place):
                owner[op] = place
                assigns.add(op)
    _absorb_initial_values(assigns, present, owner)
    _absorb_slots(owner)
    hidden = {op for op in ops if op.type == "NoOp" and op.control_inputs
              and assigns.issuperset(op.control_inputs)}
    return owner, hidden


def _initializes(op, place):
    if op.type != "Assign" or op.input_nodes[0].op is not place:
        return False
    if getattr(place, "initial_value", None) is None:          # an imported graph
        return op.name == place.name + "/Assign"
    return op.input_nodes[1] is place.initial_value


def _absorb_initial_values(assigns, present, owner):
    """What is used for nothing but the first value of a variable belongs to it."""
    stack = [(t.op, owner[assign]) for assign in assigns for t in assign.input_nodes[1:]]
    while stack:
        op, place = stack.pop()
        if op in owner or op not in present:
            continue
        users = [user for t in op.outputs for user in t._consumers if user in present]
        if owner.keys() >= set(users):
            owner[op] = place
            stack.extend((t.op, place) for t in op.input_nodes)


def _absorb_slots(owner):
    """What an optimizer keeps for a variable, W/Adam, is drawn as part of W."""
    places = {place.name: place for place in owner.values()}
    slots = {place: places[outer] for name, place in places.items()
             if (outer := name.rpartition("/")[0]) in places}
    for op, place in owner.items():
        if place in slots:
            owner[op] = slots[place]
