"""OpenSlide's own DeepZoom, as its example server uses it, behind gunicorn: GET /<level>/<column>_<row>.jpeg"""
import io
import os

from flask import Flask, Response
from openslide import open_slide
from openslide.deepzoom import DeepZoomGenerator

app = Flask(__name__)
pyramid = DeepZoomGenerator(open_slide(os.environ["BENCH_SLIDE"]), tile_size=256, overlap=0, limit_bounds=False)


@app.route("/tile/<int:column>/<int:row>")
def tile(column, row):
    # Deep Zoom counts its levels from the smallest; the last one is full resolution.
    image = pyramid.get_tile(pyramid.level_count - 1, (column, row))
    buffer = io.BytesIO()
    image.save(buffer, "jpeg", quality=75)
    return Response(buffer.getvalue(), mimetype="image/jpeg")
