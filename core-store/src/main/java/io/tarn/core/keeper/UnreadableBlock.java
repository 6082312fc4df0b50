package io.tarn.core.keeper;

import io.tarn.core.extent.Block;
import java.util.List;

/**
 * A live block that did not prove itself.
 *
 * @param block which
 * @param why what was found, in words
 * @param files what it belongs to; a file that is held open without a name has none
 */
public record UnreadableBlock(Block block, String why, List<String> files) {
    public UnreadableBlock {
        files = List.copyOf(files);
    }

    /** One sentence for a person. */
    public String text() {
        return "%s; it belongs to %s".formatted(why, files.isEmpty() ? "no named file" : String.join(", ", files));
    }
}
