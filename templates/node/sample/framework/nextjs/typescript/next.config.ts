import type { NextConfig } from "next";

const config: NextConfig = {
  // A server with just the dependencies that it uses: what the image runs.
  output: "standalone",
  poweredByHeader: false,
};

export default config;
