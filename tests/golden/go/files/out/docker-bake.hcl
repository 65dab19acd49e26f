# Without -f, bake reads compose.yaml too, and stumbles over what only that needs.
# docker buildx bake -f docker-bake.hcl       the image for this machine
# REPOSITORY=registry.example.com/shop.api TAG=1.2.3 docker buildx bake -f docker-bake.hcl release --push
#                                             for a registry, for all platforms: with SBOM and provenance
# A release needs a builder that can do this: docker buildx create --use

variable "REPOSITORY" {
  default = "shop.api"
}

variable "TAG" {
  default = "dev"
}

# The commit: REVISION=$(git rev-parse HEAD)
variable "REVISION" {
  default = ""
}

# Where a CI keeps layers between runs: "type=gha", or "type=registry,ref=registry.example.com/shop.api:cache".
variable "CACHE" {
  default = ""
}

group "default" {
  targets = ["image"]
}

target "image" {
  context    = "."
  target     = "production"
  tags       = ["${REPOSITORY}:${TAG}"]
  args       = { VERSION = TAG }
  labels     = equal(REVISION, "") ? {} : { "org.opencontainers.image.revision" = REVISION }
  cache-from = equal(CACHE, "") ? [] : [CACHE]
  cache-to   = equal(CACHE, "") ? [] : ["${CACHE},mode=max"]
}

target "release" {
  inherits = ["image"]
  platforms = [
    "linux/amd64",
    "linux/arm64",
  ]
  attest = [
    "type=provenance,mode=max",
    "type=sbom",
  ]
}
