# Without -f, bake reads compose.yaml too, and stumbles over what only that needs.
# docker buildx bake -f docker-bake.hcl       the images for this machine; with a name behind it, one of them
# PREFIX=registry.example.com/shop/ TAG=1.2.3 docker buildx bake -f docker-bake.hcl release --push
#                                             for a registry, for all platforms: with SBOM and provenance
# A release needs a builder that can do this: docker buildx create --use

# What stands before each image's name: "registry.example.com/shop/".
variable "PREFIX" {
  default = ""
}

variable "TAG" {
  default = "dev"
}

# The commit: REVISION=$(git rev-parse HEAD)
variable "REVISION" {
  default = ""
}

# Where a CI keeps layers between runs, each image its own: "registry.example.com/shop/".
variable "CACHE" {
  default = ""
}

variable "HOME" {}

group "default" {
  targets = [
    "api",
    "site",
    "sync",
    "web",
  ]
}

group "release" {
  targets = [
    "api-release",
    "site-release",
    "sync-release",
    "web-release",
  ]
}

target "api" {
  context    = "."
  dockerfile = "services/api/Dockerfile"
  target     = "production"
  tags       = ["${PREFIX}api:${TAG}"]
  args       = { VERSION = TAG }
  labels     = equal(REVISION, "") ? {} : { "org.opencontainers.image.revision" = REVISION }
  cache-from = equal(CACHE, "") ? [] : ["type=registry,ref=${CACHE}api:cache"]
  cache-to   = equal(CACHE, "") ? [] : ["type=registry,ref=${CACHE}api:cache,mode=max"]
  secret = [
    "id=netrc,src=${HOME}/.netrc",
  ]
}

target "api-release" {
  inherits = ["api"]
  platforms = [
    "linux/amd64",
    "linux/arm64",
  ]
  attest = [
    "type=provenance,mode=max",
    "type=sbom",
  ]
}

target "site" {
  context    = "site"
  target     = "production"
  tags       = ["${PREFIX}site:${TAG}"]
  labels     = equal(REVISION, "") ? {} : { "org.opencontainers.image.revision" = REVISION }
  cache-from = equal(CACHE, "") ? [] : ["type=registry,ref=${CACHE}site:cache"]
  cache-to   = equal(CACHE, "") ? [] : ["type=registry,ref=${CACHE}site:cache,mode=max"]
}

target "site-release" {
  inherits = ["site"]
  platforms = [
    "linux/amd64",
  ]
  attest = [
    "type=provenance,mode=max",
    "type=sbom",
  ]
}

target "sync" {
  context    = "jobs"
  target     = "production"
  tags       = ["${PREFIX}sync:${TAG}"]
  args       = { VERSION = TAG }
  labels     = equal(REVISION, "") ? {} : { "org.opencontainers.image.revision" = REVISION }
  cache-from = equal(CACHE, "") ? [] : ["type=registry,ref=${CACHE}sync:cache"]
  cache-to   = equal(CACHE, "") ? [] : ["type=registry,ref=${CACHE}sync:cache,mode=max"]
}

target "sync-release" {
  inherits = ["sync"]
  platforms = [
    "linux/amd64",
    "linux/arm64",
  ]
  attest = [
    "type=provenance,mode=max",
    "type=sbom",
  ]
}

target "web" {
  context    = "web"
  target     = "production"
  tags       = ["${PREFIX}web:${TAG}"]
  args       = { VERSION = TAG }
  labels     = equal(REVISION, "") ? {} : { "org.opencontainers.image.revision" = REVISION }
  cache-from = equal(CACHE, "") ? [] : ["type=registry,ref=${CACHE}web:cache"]
  cache-to   = equal(CACHE, "") ? [] : ["type=registry,ref=${CACHE}web:cache,mode=max"]
}

target "web-release" {
  inherits = ["web"]
  platforms = [
    "linux/amd64",
    "linux/arm64",
  ]
  attest = [
    "type=provenance,mode=max",
    "type=sbom",
  ]
}
