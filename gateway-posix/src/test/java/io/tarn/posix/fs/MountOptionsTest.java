package io.tarn.posix.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tarn.client.Key;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class MountOptionsTest {
    @Test
    void nothingSaidMeansTheDefaults() {
        assertThat(MountOptions.parse("")).isEqualTo(MountOptions.DEFAULT);
        assertThat(MountOptions.parse("rw,").attributeTimeout()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void everyOptionIsUnderstood() {
        final MountOptions options = MountOptions.parse(
                "ro,allow_other,default_permissions,root_squash,writeback_cache,uid=1000,gid=4294967294,umask=027,"
                        + "attr-timeout=0.5,entry-timeout=60,timeout=30,cache-size=256M,cache-entries=5000,open-files=99,"
                        + "noatime,_netdev,x-systemd.automount,x-gvfs-name=Tarn");
        assertThat(options.readOnly()).isTrue();
        assertThat(options.allowOther()).isTrue();
        assertThat(options.squashRoot()).isTrue();
        assertThat(options.writeBackCache()).isTrue();
        assertThat(options.uid()).isEqualTo(OptionalInt.of(1000));
        assertThat(options.gid()).isEqualTo(OptionalInt.of(-2));
        assertThat(options.umask()).isEqualTo(OptionalInt.of(027));
        assertThat(options.attributeTimeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(options.entryTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(options.patience()).isEqualTo(Duration.ofSeconds(30));
        assertThat(options.cacheBytes()).isEqualTo(256L << 20);
        assertThat(options.cacheEntries()).isEqualTo(5000);
        assertThat(options.openFilesMax()).isEqualTo(99);
        assertThat(options.kernel()).containsExactly("noatime", "_netdev", "x-systemd.automount", "x-gvfs-name=Tarn");
        assertThat(MountOptions.parse("ro,rw").readOnly()).isFalse();
    }

    @Test
    void whatIsWrongIsNamed() {
        assertWrong("bogus", "unknown mount option: bogus");
        assertWrong("bogus=1", "unknown mount option: bogus");
        assertWrong("uid", "the mount option uid needs a value: uid=…");
        assertWrong("uid=root", "the mount option uid=root is not a numeric id");
        assertWrong("uid=-1", "the mount option uid=-1 is not a numeric id");
        assertWrong("umask=8", "the mount option umask=8 is not an octal number");
        assertWrong("umask=1777", "umask is 0 to 511, not 1023");
        assertWrong("attr-timeout=soon", "the mount option attr-timeout=soon is not a number of seconds");
        assertWrong("attr-timeout=-1", "attr-timeout is 0 to 86400 seconds, not PT-1S");
        assertWrong("cache-size=", "the mount option cache-size= is not a size");
        assertWrong("cache-size=1T", "the mount option cache-size=1T is not a number");
        assertWrong("cache-size=99999999999", "the mount option cache-size=99999999999 is not a number that small");
        assertWrong("open-files=0", "open-files is 1 to 1048576, not 0");
    }

    private static void assertWrong(final String options, final String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MountOptions.parse(options))
                .withMessage(message);
    }

    @Test
    void targets() {
        assertThat(MountTarget.parse("v")).isEqualTo(new MountTarget("v", List.of()));
        assertThat(MountTarget.parse("v/a//b/").directory()).containsExactly(Key.of("a"), Key.of("b"));
        assertThatIllegalArgumentException().isThrownBy(() -> MountTarget.parse("/a"));
        assertThatIllegalArgumentException().isThrownBy(() -> MountTarget.parse("v/../w"));
    }
}
