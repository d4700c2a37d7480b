"""A process that draws one figure: started by ``drawing_process``, it imports nothing of ours.

The library that draws can end its whole process over a text that it does not like.
"""

import json
import sys

import vl_convert


def main() -> None:
    """Draw what the standard input describes, and write the picture to the standard output."""
    asked = json.load(sys.stdin.buffer)
    drawn = vl_convert.vegalite_to_svg(asked["spec"], vl_version=asked["version"])
    if asked["form"] == "png":
        sys.stdout.buffer.write(vl_convert.svg_to_png(drawn, scale=asked["scale"]))
    else:
        sys.stdout.buffer.write(drawn.encode())


if __name__ == "__main__":
    main()
