"""The tags and links of one page once more, for a copy of it, in a PDF that is about to be written."""

from collections.abc import Mapping

import pydyf


def places_of(pdf: pydyf.PDF) -> Mapping[str, pydyf.Array]:
    """Where the named places of the document are."""
    flat = pdf.catalog.get("Names", {}).get("Dests", {}).get("Names", ())
    return {name.string: place for name, place in zip(flat[::2], flat[1::2], strict=True)}


def number_of(reference: bytes) -> int:
    """The number of the thing that a reference is to."""
    return int(reference.split()[0])


class Copies:
    """What was copied: `renamed` leads from each tag to its copy, `annotations` from each link to its tag.

    `key` is that of the page in the tree of parents, its links come after it; `within` leads from drawn
    pages to those of this copy.
    """

    def __init__(
        self,
        pdf: pydyf.PDF,
        page: pydyf.Dictionary,
        key: int,
        places: Mapping[str, pydyf.Array],
        within: Mapping[int, int],
    ) -> None:
        self._pdf, self._page, self._key = pdf, page, key
        self._places, self._within = places, within
        self.renamed: dict[bytes, bytes] = {}
        self.annotations: list[tuple[int, bytes]] = []
        if "Annots" in page:
            page["Annots"] = pydyf.Array()

    def element(self, reference: bytes, parent: bytes) -> bytes:
        """A copy of a tag with all that is in it."""
        copy = pydyf.Dictionary(self._pdf.objects[number_of(reference)])
        self._pdf.add_object(copy)
        copy["Pg"], copy["P"] = self._page.reference, parent
        self.renamed[reference] = copy.reference
        if "ID" in copy:
            copy["ID"] = self._name(copy["ID"])
        if "Headers" in copy.get("A", ()):
            copy["A"] = pydyf.Dictionary(copy["A"])
            copy["A"]["Headers"] = pydyf.Array([self._name(one) for one in copy["A"]["Headers"]])
        copy["K"] = pydyf.Array([self._kid(kid, copy.reference) for kid in copy["K"]])
        return bytes(copy.reference)

    def _kid(self, kid: object, parent: bytes) -> object:
        if not isinstance(kid, bytes):
            return kid
        if self._pdf.objects[number_of(kid)]["Type"] == "/OBJR":
            return self._link(kid, parent)
        return self.element(kid, parent)

    def _link(self, reference: bytes, element: bytes) -> bytes:
        held = pydyf.Dictionary(self._pdf.objects[number_of(reference)])
        annotation = pydyf.Dictionary(self._pdf.objects[number_of(held["Obj"])])
        for thing in (held, annotation):
            self._pdf.add_object(thing)
        held["Obj"], held["Pg"] = annotation.reference, self._page.reference
        annotation["StructParent"] = self._key + 1 + len(self.annotations)
        self.annotations.append((annotation["StructParent"], element))
        if "Dest" in annotation:
            annotation["Dest"] = self._place(annotation["Dest"].string)
        self._page["Annots"].append(annotation.reference)
        return bytes(held.reference)

    def _place(self, name: str) -> pydyf.Array:
        page, *rest = self._places[name]
        number = self._within.get(number_of(page), number_of(page))
        return pydyf.Array([self._pdf.objects[number].reference, *rest])

    def _name(self, name: pydyf.String) -> pydyf.String:
        return pydyf.String(f"{name.string}-{self._key}")
