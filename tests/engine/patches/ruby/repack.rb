# repack.rb TARGET: makes gems of what Debian's packages have installed, and an index of them as a registry has it.
require "fileutils"
require "rubygems/package"
require "tmpdir"
require "zlib"

TARGET = ARGV.fetch(0)
# What Debian says of them otherwise than their authors; a lock file has what those say.
CORRECTED = {
  "rack-protection" => { "logger" => [">= 1.6.0"] },
  "sinatra" => { "logger" => [">= 1.6.0"] }
}.freeze
# Programs of gems that Debian leaves out.
PROGRAMS = {
  "bootsnap" => "#!/usr/bin/env ruby\nrequire \"bootsnap/cli\"\nexit Bootsnap::CLI.new(ARGV).run\n"
}.freeze
VENDORED = %r{\A/usr/lib/(?:[^/]+/)?ruby/vendor_ruby/(?:3\.\d\.0/)?(?<file>.+)\z}

# Some packages put a gem's code where Ruby itself looks, and no folder of its own has it.
def collect(installed, folder)
  if File.directory?("#{installed.full_gem_path}/lib")
    FileUtils.cp_r("#{installed.full_gem_path}/.", folder)
    FileUtils.mkdir_p("#{folder}/lib")
    FileUtils.cp_r("#{installed.extension_dir}/.", "#{folder}/lib") if File.directory?(installed.extension_dir)
  else
    package = `dpkg -S #{installed.loaded_from}`[/\A[^:]+/]
    `dpkg -L #{package}`.lines(chomp: true).each do |path|
      next unless (found = VENDORED.match(path)) && File.file?(path)

      FileUtils.mkdir_p(File.dirname("#{folder}/lib/#{found[:file]}"))
      FileUtils.cp(path, "#{folder}/lib/#{found[:file]}")
    end
  end
end

def pack(installed)
  spec = Gem::Specification.load(installed.loaded_from).dup
  CORRECTED.fetch(spec.name, {}).each do |name, wanted|
    spec.dependencies.find { |dependency| dependency.name == name }.instance_variable_set(:@requirement, Gem::Requirement.new(wanted))
  end
  Dir.mktmpdir do |folder|
    collect(installed, folder)
    Dir.chdir(folder) do
      if (program = PROGRAMS[spec.name])
        FileUtils.mkdir_p("exe")
        File.write("exe/#{spec.name}", program)
        spec.bindir = "exe"
        spec.executables = [spec.name]
      end
      spec.files = Dir["**/*"].select { |file| File.file?(file) }
      spec.require_paths = spec.raw_require_paths.select { |path| File.directory?(path) } | ["lib"]
      spec.extensions = spec.test_files = spec.extra_rdoc_files = []
      spec.executables = spec.executables.select { |name| File.file?("#{spec.bindir}/#{name}") }
      FileUtils.mv(Gem::Package.build(spec, true), "#{TARGET}/gems")
    end
  end
  spec
end

def index(name, value)
  Zlib::GzipWriter.open("#{TARGET}/#{name}.4.8.gz") { |file| file.write(Marshal.dump(value)) }
end

FileUtils.mkdir_p(["#{TARGET}/gems", "#{TARGET}/quick/Marshal.4.8"])
packed = Gem::Specification.reject(&:default_gem?).reject { |spec| spec.name == "bundler" }.map { |spec| pack(spec) }
tuples = packed.map { |spec| [spec.name, spec.version, "ruby"] }
index("specs", tuples)
index("latest_specs", tuples)
index("prerelease_specs", [])
packed.each do |spec|
  packed_spec = Zlib.deflate(Marshal.dump(spec.for_cache))
  File.binwrite("#{TARGET}/quick/Marshal.4.8/#{spec.full_name}.gemspec.rz", packed_spec)
end
puts packed.map(&:full_name).sort
