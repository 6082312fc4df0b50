package io.tarn.core.session;

import io.tarn.client.ContentReader;
import io.tarn.client.ObjectInfo;
import io.tarn.core.namespace.NamespaceQueries.OpenFile;
import java.nio.ByteBuffer;

/** Reads one opened version from its slices. A read is one verified read per block it touches, straight into the target. */
final class SliceReader implements ContentReader {
    private final OpenFile file;
    private final SliceRun run;
    private final ReadPins.Pin pin;

    SliceReader(
            final OpenFile file, final BlockReader blocks, final SliceRun.Resolver resolver, final ReadPins.Pin pin) {
        this.file = file;
        this.run = new SliceRun(file.slices(), blocks, resolver);
        this.pin = pin;
    }

    @Override
    public ObjectInfo info() {
        return file.info();
    }

    @Override
    public int read(final long offset, final ByteBuffer target) {
        if (offset < 0) {
            throw new IllegalArgumentException("negative offset " + offset);
        }
        final long left = file.info().size() - offset;
        if (left <= 0 || !target.hasRemaining()) {
            return 0;
        }
        final int wanted = (int) Math.min(left, target.remaining());
        if (file.inline().isPresent()) {
            target.put(file.inline().get(), (int) offset, wanted);
        } else {
            run.read(offset, wanted, target);
        }
        return wanted;
    }

    @Override
    public void close() {
        pin.close();
    }
}
