// The naive way: decode the region, encode it again, for every tile. GET /tile/:column/:row
import { createServer } from 'node:http';
import sharp from 'sharp';

const [, , path, port] = process.argv;
createServer((request, response) => {
  const [, , column, row] = request.url.split('/');
  sharp(path, { limitInputPixels: false })
    .extract({ left: column * 256, top: row * 256, width: 256, height: 256 })
    .jpeg({ quality: 75 })
    .toBuffer()
    .then((tile) => {
      response.writeHead(200, { 'Content-Type': 'image/jpeg', 'Content-Length': tile.length });
      response.end(tile);
    })
    .catch((error) => {
      response.writeHead(500);
      response.end(error.message);
    });
}).listen(Number(port), '127.0.0.1');
