"""The world at one month: coastline, missions and capitals."""
