/**
 * The build graph: read from JSON or YAML, checked, and held compactly.
 *
 * <p>Terms: a <em>definition</em> is a whole graph; a <em>vertex</em> is one op with its inputs, options and results; an
 * <em>edge</em> is one output of a vertex; an <em>op</em> is what a vertex does; the <em>vertex digest</em> covers op and
 * inputs, and neither name, options nor results (docs/formats.md, "Vertex digest").
 *
 * <p>A definition of 1,000,000 vertices is a few arrays; vertices, ops and inputs are made from them when they are asked
 * for. The file is read as a stream, and once more when an error that only the whole graph shows has to be placed.
 *
 * <p>The only user of SnakeYAML, and with {@code json} of Jackson. May use {@code digest}, {@code json}, {@code pattern}.
 */
@NullMarked
package dev.cachetool.graph;

import org.jspecify.annotations.NullMarked;
