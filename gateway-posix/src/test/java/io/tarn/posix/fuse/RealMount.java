package io.tarn.posix.fuse;

import io.tarn.posix.fs.FileSystem;
import io.tarn.posix.linux.Descriptor;
import java.io.IOException;

/** A file system that is really mounted through the kernel transport. */
class RealMount extends MountedDirectory {
    final RequestBuffers buffers = new RequestBuffers(64);
    FuseSession session;

    RealMount(final FileSystem fileSystem, final SessionOptions options) throws IOException {
        final Descriptor device = Mounting.mount(
                MountWish.of(directory, options.name()).forOthersToo().withPrivileges());
        try {
            session = FuseSession.begin(device, fileSystem, options, buffers);
        } catch (final IOException failed) {
            Mounting.unmount(directory, true);
            throw failed;
        }
    }

    @Override
    public SessionEnd await() throws InterruptedException {
        return session.await();
    }

    @Override
    public boolean canExchange() {
        return true;
    }

    @Override
    public boolean canFindHoles() {
        return true;
    }

    @Override
    public void mountAgain() throws IOException {
        Mounting.mount(MountWish.of(directory, "again"));
    }

    @Override
    protected void stop() {
        session.close();
        buffers.close();
    }
}
