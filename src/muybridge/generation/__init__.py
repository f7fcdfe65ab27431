"""Making video and images: frozen specs, engines behind one socket, rendering, signing, adoption as footage."""
