package io.tarn.posix.fs;

import static io.tarn.posix.fs.TestMount.NOTHING;
import static io.tarn.posix.fs.TestMount.WRITE;
import static io.tarn.posix.fs.TestMount.key;
import static io.tarn.posix.fs.TestMount.mode;
import static io.tarn.posix.fs.TestMount.owner;
import static io.tarn.posix.fs.TestMount.refuses;
import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.client.Key;
import io.tarn.posix.fs.TestMount.Descriptor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Owners, permissions and attributes on one mount. */
class OwnersAndAttributesTest extends OneMount {
    @Test
    void whoMakesSomethingOwnsItUnlessTheDirectoryHandsItsGroupDown() {
        mount.caller = TestCaller.USER;
        mount.create("/f", 0666, WRITE).close();
        assertThat(mount.stat("/f").mode() & 07777).isEqualTo(0644);
        assertThat(mount.stat("/f").uid()).isEqualTo(1000);
        mount.mkdir("/d");
        mount.caller = TestCaller.ROOT;
        mount.set("/d", owner(0, 50));
        mount.set("/d", mode(02777));
        mount.caller = TestCaller.USER;
        mount.create("/d/f", 02777, WRITE).close();
        assertThat(mount.stat("/d/f").gid()).isEqualTo(50);
        assertThat(mount.stat("/d/f").mode() & Modes.SET_GID).isZero();
        mount.mkdir("/d/e");
        assertThat(mount.stat("/d/e").mode() & 07777).isEqualTo(02755);
    }

    @Test
    void privilegesFallWhenAFileIsWrittenOrGivenAway() {
        final Descriptor file = mount.create("/f");
        mount.set("/f", mode(06755));
        mount.files.setXattr(mount.caller, file.inode(), XattrFacts.CAPABILITY, new byte[] {1}, 0);
        mount.files.write(mount.caller, file.inode(), file.handle(), 0, ByteBuffer.allocate(1), true);
        assertThat(mount.stat("/f").mode() & 07777).isEqualTo(0755);
        refuses(Errno.ENODATA, () -> mount.files.xattr(mount.caller, file.inode(), XattrFacts.CAPABILITY));
        mount.set("/f", mode(06745));
        mount.set("/f", owner(5, 6));
        assertThat(mount.stat("/f").mode() & 07777).isEqualTo(02745);
        file.close();
    }

    @Test
    void privilegesFallFromAllThatIsGivenAwayButDirectories() {
        for (final int type : List.of(Modes.FIFO, Modes.SOCKET, Modes.BLOCK_DEVICE, Modes.CHARACTER_DEVICE)) {
            mount.files.makeNode(mount.caller, FileSystem.ROOT, key("n" + type), type | 0644, 0);
            mount.set("/n" + type, mode(06555));
            mount.set("/n" + type, owner(5, 6));
            assertThat(mount.stat("/n" + type).mode()).isEqualTo(type | 0555);
        }
        mount.mkdir("/d");
        mount.set("/d", mode(06555));
        mount.set("/d", owner(5, 6));
        assertThat(mount.stat("/d").mode()).isEqualTo(Modes.DIRECTORY | 06555);
    }

    @Test
    void extendedAttributes() {
        mount.write("/f", "");
        final long inode = mount.inode("/f");
        mount.files.setXattr(mount.caller, inode, key("user.a"), new byte[] {1, 2}, OpenFlags.XATTR_CREATE);
        refuses(
                Errno.EEXIST,
                () -> mount.files.setXattr(mount.caller, inode, key("user.a"), new byte[0], OpenFlags.XATTR_CREATE));
        refuses(
                Errno.ENODATA,
                () -> mount.files.setXattr(mount.caller, inode, key("user.b"), new byte[0], OpenFlags.XATTR_REPLACE));
        refuses(Errno.EOPNOTSUPP, () -> mount.files.setXattr(mount.caller, inode, key("odd.b"), new byte[0], 0));
        refuses(Errno.E2BIG, () -> mount.files.setXattr(mount.caller, inode, key("user.b"), new byte[65537], 0));
        assertThat(mount.files.xattr(mount.caller, inode, key("user.a"))).containsExactly(1, 2);
        assertThat(mount.files.xattrs(mount.caller, inode)).containsExactly(key("user.a"));
        mount.files.removeXattr(mount.caller, inode, key("user.a"));
        refuses(Errno.ENODATA, () -> mount.files.removeXattr(mount.caller, inode, key("user.a")));
    }

    @Test
    void aLabelThatWasStoredIsGivenWhetherTheKernelUsesItOrNot() {
        mount.write("/f", "");
        final long inode = mount.inode("/f");
        final Key label = key("security.selinux");
        refuses(
                Files.isDirectory(Path.of("/sys/fs/selinux")) ? Errno.ENODATA : Errno.EOPNOTSUPP,
                () -> mount.files.xattr(mount.caller, inode, label));
        mount.files.setXattr(mount.caller, inode, label, new byte[] {7}, 0);
        assertThat(mount.files.xattr(mount.caller, inode, label)).containsExactly(7);
        assertThat(mount.files.xattrs(mount.caller, inode)).containsExactly(label);
    }

    @Test
    void accessControlListsAndModesGoTogether() {
        // u::rwx u:7:r-- g::r-x m::rwx o::---
        final byte[] acl = acl(1, 7, -1, 2, 4, 7, 4, 5, -1, 0x10, 7, -1, 0x20, 0, -1);
        mount.write("/f", "");
        final long file = mount.inode("/f");
        mount.files.setXattr(mount.caller, file, XattrFacts.ACCESS_ACL, acl, 0);
        assertThat(mount.stat("/f").mode() & 0777).isEqualTo(0770);
        mount.set("/f", mode(0640));
        assertThat(mount.files.xattr(mount.caller, file, XattrFacts.ACCESS_ACL))
                .isEqualTo(acl(1, 6, -1, 2, 4, 7, 4, 5, -1, 0x10, 4, -1, 0x20, 0, -1));
        mount.files.setXattr(mount.caller, file, XattrFacts.ACCESS_ACL, acl(1, 6, -1, 4, 4, -1, 0x20, 4, -1), 0);
        assertThat(mount.stat("/f").mode() & 0777).isEqualTo(0644);
        refuses(Errno.ENODATA, () -> mount.files.xattr(mount.caller, file, XattrFacts.ACCESS_ACL));
        refuses(
                Errno.EINVAL,
                () -> mount.files.setXattr(mount.caller, file, XattrFacts.ACCESS_ACL, new byte[] {2, 0, 0}, 0));
        mount.mkdir("/d");
        mount.files.setXattr(mount.caller, mount.inode("/d"), XattrFacts.DEFAULT_ACL, acl, 0);
        mount.caller = new TestCaller(1000, 1000, 077, Set.of());
        mount.create("/d/f", 0666, WRITE).close();
        assertThat(mount.stat("/d/f").mode() & 0777).isEqualTo(0660);
        assertThat(mount.files.xattr(mount.caller, mount.inode("/d/f"), XattrFacts.ACCESS_ACL))
                .isEqualTo(acl(1, 6, -1, 2, 4, 7, 4, 5, -1, 0x10, 6, -1, 0x20, 0, -1));
        mount.mkdir("/d/e");
        assertThat(mount.files.xattr(mount.caller, mount.inode("/d/e"), XattrFacts.DEFAULT_ACL))
                .isEqualTo(acl);
    }

    private static byte[] acl(final int... fields) {
        final ByteBuffer buffer = ByteBuffer.allocate(4 + fields.length / 3 * 8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(2);
        for (int at = 0; at < fields.length; at += 3) {
            buffer.putShort((short) fields[at]).putShort((short) fields[at + 1]).putInt(fields[at + 2]);
        }
        return buffer.array();
    }

    @Test
    void aReadOnlyMountChangesNothing() {
        mount.write("/f", "x");
        final TestMount reader = cluster.mount(volume, MountOptions.parse("ro"));
        assertThat(reader.read("/f")).isEqualTo("x");
        refuses(Errno.EROFS, () -> reader.open("/f", WRITE));
        refuses(Errno.EROFS, () -> reader.create("/g"));
        refuses(Errno.EROFS, () -> reader.unlink("/f"));
        refuses(Errno.EROFS, () -> reader.rename("/f", "/g"));
        refuses(Errno.EROFS, () -> reader.set("/f", NOTHING));
        refuses(Errno.EROFS, () -> reader.files.setXattr(reader.caller, 1, key("user.a"), new byte[0], 0));
    }

    @Test
    void ownersAndPermissionsCanBeShownOtherwise() {
        mount.write("/f", "x");
        final TestMount other = cluster.mount(volume, MountOptions.parse("uid=5,gid=6,umask=027"));
        assertThat(other.stat("/f").uid()).isEqualTo(5);
        assertThat(other.stat("/f").gid()).isEqualTo(6);
        assertThat(other.stat("/f").mode() & 0777).isEqualTo(0640);
    }

    @Test
    void squashedRootIsNobody() {
        mount.mkdir("/open");
        mount.set("/open", mode(01777));
        mount.write("/secret", "x");
        mount.set("/secret", mode(0600));
        mount.write("/open/mine", "x");
        final TestMount squashed = cluster.mount(volume, MountOptions.parse("root_squash"));
        refuses(Errno.EACCES, () -> squashed.read("/secret"));
        refuses(Errno.EACCES, () -> squashed.create("/f"));
        refuses(Errno.EPERM, () -> squashed.set("/secret", mode(0777)));
        refuses(Errno.EPERM, () -> squashed.unlink("/open/mine"));
        squashed.create("/open/f").close();
        assertThat(mount.stat("/open/f").uid()).isEqualTo(RootSquash.NOBODY);
        squashed.unlink("/open/f");
    }
}
