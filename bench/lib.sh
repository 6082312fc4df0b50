# Shared by the scripts of this folder: where Java 25 is, and an up-to-date build of the benchmark.
BENCH=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(dirname "$BENCH")

# Flags that the code under test needs, as in the root pom's jvm.flags.
JVM_FLAGS=(--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)

die() { echo "bench: $*" >&2; exit 1; }

is_java25() { [ -x "$1/bin/java" ] && grep -qs '^JAVA_VERSION="25[."]' "$1/release"; }

# Sets JAVA to a Java 25: of JAVA_HOME, of the PATH, or of the usual places.
find_java() {
  local home on_path=
  command -v java >/dev/null && on_path=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
  for home in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
    if [ -n "$home" ] && is_java25 "$home"; then JAVA=$home/bin/java; return; fi
  done
  die "no JDK 25 found: install one (for example temurin-25-jdk) or set JAVA_HOME"
}

# Builds what the benchmark needs, unless nothing changed since; sets CLASS_PATH.
build() {
  local made=$BENCH/target/classpath
  if [ ! -e "$made" ] || [ -n "$(find "$ROOT"/pom.xml "$ROOT"/{bench,gateway-s3,core-store}/{pom.xml,src} -newer "$made" -print -quit)" ]; then
    command -v mvn >/dev/null || die "Maven is needed to build the benchmark: install maven"
    (cd "$ROOT" && mvn -q -B -pl bench -am -DskipTests package) >&2 || die "the build failed"
    touch "$made"
  fi
  CLASS_PATH=$BENCH/target/classes:$(cat "$made")
}
