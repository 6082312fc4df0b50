package io.tarn.core.session;

import com.google.protobuf.ByteString;
import io.tarn.client.Content;
import io.tarn.client.ObjectInfo;
import io.tarn.core.extent.Block;
import io.tarn.core.namespace.wire.NewContent;
import io.tarn.core.namespace.wire.Slice;
import java.util.List;

/** Content that waits for its name, in the form the commit carries. */
sealed interface NamedContent extends Content {
    NewContent toRecord();

    /** A commit has named the content. */
    default void committed() {}

    /** Rides in the log entry. */
    record Inline(ByteString data) implements NamedContent {
        @Override
        public long length() {
            return data.size();
        }

        @Override
        public NewContent toRecord() {
            return NewContent.newBuilder()
                    .setLength(data.size())
                    .setInlineData(data)
                    .build();
        }
    }

    /** Stands in extents, durable. */
    record Written(List<Block> blocks, long length, Runnable onCommit) implements NamedContent {
        public Written {
            blocks = List.copyOf(blocks);
        }

        @Override
        public void committed() {
            onCommit.run();
        }

        @Override
        public NewContent toRecord() {
            final NewContent.Builder content = NewContent.newBuilder().setLength(length);
            long at = 0;
            for (final Block block : blocks) {
                content.addSlices(Slice.newBuilder()
                        .setFileOffset(at)
                        .setExtent(block.extent().value())
                        .setBlockOffset(block.offset())
                        .setBlockLength(block.length())
                        .setBlockChecksum(block.checksum())
                        .setLength(block.length()));
                at += block.length();
            }
            return content.build();
        }
    }

    /** Shares the bytes of another file of the same volume. */
    record Cloned(ObjectInfo source, long contentGeneration, long offset, long length) implements NamedContent {
        @Override
        public NewContent toRecord() {
            return NewContent.newBuilder()
                    .setLength(length)
                    .setCloneInode(source.inode())
                    .setCloneContentGeneration(contentGeneration)
                    .setCloneOffset(offset)
                    .build();
        }
    }
}
