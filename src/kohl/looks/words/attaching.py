"""Groups that need their neighbours: colours without a product, lists under one "no", and which liner is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kohl.core.region import Region
from kohl.looks.lexicon.senses import Colour, Noun, Preposition, Style
from kohl.looks.words.groups import Group, is_small, senses_of
from kohl.looks.words.tokens import Joint


def attach(groups: Sequence[Group]) -> list[Group]:
    """The groups after each found what it needs in its neighbours; a group that found no product stays headless.

    "pink and gold eyes": forward to the product that follows "and". "red lips with gloss", "eyes in pink and gold": back
    to the product before. "no blush or lashes": both are taken away. "90s nude lip with brown liner": on the lips.
    """
    settled = _given_back(_given_forward(_with_places_merged(groups)))
    return _with_liners_settled(_with_negations_spread(settled))


def _with_places_merged(groups: Sequence[Group]) -> list[Group]:
    """Read "white eyeliner on the waterline" as one thing: what was said first, at the place that follows "on"."""
    result: list[Group] = []
    for group in groups:
        if result and _is_place_of(group, result[-1]):
            result[-1] = _merged(result[-1], group)
        else:
            result.append(group)
    return result


def _is_place_of(group: Group, previous: Group) -> bool:
    ends_with_preposition = any(item.has(Preposition) for item in previous.after) and all(map(is_small, previous.after))
    return group.joint is Joint.NONE and previous.noun is not None and previous.base is None and ends_with_preposition and _is_bare(group)


def _is_bare(group: Group) -> bool:
    return group.noun is not None and group.base is None and all(map(is_small, group.attributes))


def _merged(group: Group, more: Group) -> Group:
    """`group` with the name and attributes of `more`, and its noun where that says more exactly which product it is."""
    noun = group.noun or more.noun
    if more.noun is not None and noun is not None and more.noun.product == noun.product:
        is_finer = more.noun.zone is not None or more.noun.is_extra
        noun = replace(more.noun if is_finer else noun, settings={**noun.settings, **more.noun.settings})
    return replace(group, noun=noun, names=(*group.names, *more.names), after=(*group.after, *more.attributes))


def _given_forward(groups: Sequence[Group]) -> list[Group]:
    """Read "plum, pink and gold eyes" from its end, as long as a list with an "and" before its last member goes on."""
    result: list[Group] = []
    is_list = False
    for group in reversed(groups):
        # In "eyes in teal and navy, red and pink lips" the comma ends a list, for navy hangs on the eyes.
        goes_on = is_list and result[0].joint is Joint.COMMA and group.joint is not Joint.AND
        if result and (goes_on or result[0].joint is Joint.AND) and _leans_forward(group, result[0]):
            result[0] = replace(result[0], joint=group.joint, before=(*group.attributes, *result[0].before))
            is_list = True
        else:
            result.insert(0, group)
            is_list = False
    return result


def _given_back(groups: Sequence[Group]) -> list[Group]:
    result: list[Group] = []
    for group in groups:
        if result and _leans_back(group, result[-1]):
            result[-1] = _merged(result[-1], group)
        else:
            result.append(group)
    return result


def _leans_forward(group: Group, follower: Group) -> bool:
    """Whether `group` describes the product of `follower`: "pink and gold eyes", "smoky plum and gold eyes"."""
    if group.is_negated or group.noun is not None or not _takes_attributes(follower):
        return False
    follower_is_place = follower.noun is not None and follower.noun.region is not None
    return group.is_headless or (group.base is None and follower_is_place and group.region is follower.region)


def _leans_back(group: Group, previous: Group) -> bool:
    """Whether `group` describes the product of `previous`: "eyes in pink and gold", "red lips with gloss"."""
    if group.is_negated or group.base is not None or not _takes_attributes(previous):
        return False
    if group.noun is not None and (group.noun.zone or group.noun.is_extra):
        return False
    says_more = group.joint is Joint.WITH and group.implied[:1] == previous.implied[:1]
    return says_more or (group.is_headless and group.joint in (Joint.WITH, Joint.AND))


def _takes_attributes(group: Group) -> bool:
    return bool(group.implied) and group.base is None and not group.is_negated


def _with_negations_spread(groups: Sequence[Group]) -> list[Group]:
    result: list[Group] = []
    for group in groups:
        spreads = bool(result) and result[-1].is_negated and group.joint is Joint.AND and _is_bare(group)
        result.append(replace(group, is_negated=True) if spreads else group)
    return result


def _with_liners_settled(groups: Sequence[Group]) -> list[Group]:
    """A liner is for the eyes, but after "lips with" for the lips; unless it is black or has a wing."""
    result: list[Group] = []
    for group in groups:
        follows_lips = bool(result) and group.joint is Joint.WITH and result[-1].region is Region.LIPS
        if follows_lips and group.noun is not None and group.noun.after_lips and not _is_for_eyes(group):
            group = _on_the_lips(group, group.noun.after_lips, result[-1])  # noqa: PLW2901 (replaced by its better self)
        result.append(group)
    return result


def _on_the_lips(group: Group, product: str, lips: Group) -> Group:
    """The liner as one of the lips, drawn as the style of the lips has it ("90s nude lip with brown liner")."""
    styles = [style for item in lips.attributes for style in senses_of(item, Style)]
    settings = {name: value for style in styles for name, value in style.settings.get(product, {}).items()}
    return replace(group, noun=Noun(product, settings=settings))


def _is_for_eyes(group: Group) -> bool:
    is_black = any(colour.name == "black" for item in group.attributes for colour in senses_of(item, Colour))
    return is_black or any("eyeliner" in style.implied for item in group.attributes for style in senses_of(item, Style))
