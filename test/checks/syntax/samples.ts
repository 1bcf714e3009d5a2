/** A language: a good file with what it defines (kind owner.name from-to), the same broken with the line that is wrong. */
export type Sample = {
	path: string;
	good: string;
	defines: readonly string[];
	/** What becomes what, the line that is to be named, and what is to be said of it. */
	broken: readonly (readonly [from: string, to: string, line: number, says: RegExp])[];
	/** A name, and where it is used: line, `called`, and inside which function. */
	uses?: readonly [name: string, at: readonly string[]];
};

export const samples: readonly Sample[] = [
	{
		path: 'a.js',
		good: `import { a } from 'a';

/** Adds. */
export function add(x, y) {
	return x + y;
}

const twice = x => add(x, x);

class Box extends a.Base {
	#size = 1;
	get size() {
		return add(this.#size, 1);
	}
	static grow = () => {};
}

module.exports.later = async function () {};
const table = { start() {}, stop: () => add };
export const view = () => <div className="a">{add(1, 2)}</div>;
`,
		defines: [
			'function add 4-6',
			'function twice 8-8',
			'class Box 10-16',
			'method Box.size 12-14',
			'method Box.grow 15-15',
			'function later 18-18',
			'method start 19-19',
			'method stop 19-19',
			'function view 20-20',
		],
		broken: [
			['return x + y;\n}', 'return x + y;\n', 4, /`\{` is not closed/],
			['x => add(x, x)', 'x => add(x, x', 8, /`\(` is not closed/],
			['}\n\nmodule', '}}\n\nmodule', 16, /`\}` closes nothing/],
			['class Box', 'class 1Box', 10, /./],
		],
		uses: ['add', ['8 called twice', '13 called size', '19 stop', '20 called view']],
	},
	{
		path: 'a.ts',
		good: `export type Name = string | undefined;
interface Shape {
	area(): number;
}
enum Colour {
	Red,
}
export abstract class Square<T> implements Shape {
	constructor(private readonly side: number) {}
	area(): number {
		return this.side ** 2;
	}
	protected abstract name<K extends keyof T>(key: K): T[K];
}
export const make = async <T>(side: number): Promise<Square<T>> => new Square<T>(side) as never;
namespace Inner {
	export function deep(): void {}
}
const checked = { a: 1 } satisfies object;
using file = open();
`,
		defines: [
			'type Name 1-1',
			'type Shape 2-4',
			'type Colour 5-7',
			'class Square 8-14',
			'method Square.constructor 9-9',
			'method Square.area 10-12',
			'function make 15-15',
			'function Inner.deep 17-17',
		],
		broken: [
			['side: number): Promise', 'side: number: Promise', 15, /./],
			['interface Shape {', 'interface Shape', 4, /`\}` closes nothing/],
		],
		uses: ['Square', ['15 make', '15 called make']],
	},
	{
		path: 'a.tsx',
		good: `type Props = { name: string };
export function Greeting({ name }: Props) {
	return <p>Hello {name}</p>;
}
`,
		defines: ['type Props 1-1', 'function Greeting 2-4'],
		broken: [['</p>', '</b>', 3, /`<\/b>` closes `<p>`/]],
	},
	{
		path: 'a.py',
		good: `"""Boxes."""
import os


@decorated(1)
def size(box: "Box", *, deep=False) -> int:
    """Its size."""
    match box:
        case Box(width=w):
            return w
    return f"{size(box):>{4}}"


class Box(Base):
    class Lid:
        async def open(self):
            return await self.turn(lambda x: x)

    @property
    def width(self):
        return size(self)
`,
		defines: ['function size 5-11', 'class Box 14-21', 'class Box.Lid 15-17', 'method Box.Lid.open 16-17', 'method Box.width 19-21'],
		broken: [
			['return size(self)', 'return size(self', 21, /`\(` is not closed/],
			['class Lid:', 'class Lid', 16, /./],
		],
		uses: ['size', ['11 called size', '21 called width']],
	},
	{
		path: 'a.go',
		good: `package main

import "fmt"

type Box[T any] struct{ width T }

func (b *Box[T]) Width() T { return b.width }

func main() {
	fmt.Println((&Box[int]{1}).Width())
	go func() { main() }()
}
`,
		defines: ['type Box 5-5', 'method Box.Width 7-7', 'function main 9-12'],
		broken: [
			['func main() {', 'func main( {', 9, /`\(` is not closed/],
			['package main', 'package', 1, /`package`/],
		],
		uses: ['Width', ['10 called main']],
	},
	{
		path: 'a.rs',
		good: `#[derive(Debug)]
pub struct Box<'a> {
    name: &'a str,
}

impl<'a> Box<'a> {
    pub fn name(&self) -> &'a str {
        self.name
    }
}

trait Shape {
    fn area(&self) -> f64;
}

fn main() {
    let b = Box { name: "a" };
    println!("{}", b.name());
    let f = async move { helper::<u8>(1).await? };
}
`,
		defines: ['class Box 2-4', 'method Box.name 7-9', 'type Shape 12-14', 'function main 16-20'],
		broken: [
			['self.name\n    }', 'self.name\n', 6, /`\{` is not closed/],
			['let b =', 'let b = = =', 17, /./],
		],
		uses: ['helper', ['19 called main']],
	},
	{
		path: 'A.java',
		good: `package a;

public record A(int x) implements Shape {
    public A {
        if (x < 0) throw new IllegalArgumentException();
    }
    @Override
    public int area() {
        return switch (x) { case 0 -> 1; default -> x * x; };
    }
    interface Inner { void run(); }
    static String text = """
        hello""";
    int again() { return area(); }
}
`,
		defines: [
			'class A 3-15',
			'method A.A 4-6',
			'method A.area 7-10',
			'type A.Inner 11-11',
			'method A.Inner.run 11-11',
			'method A.again 14-14',
		],
		broken: [
			['return area();', 'return area()', 14, /`;` is missing/],
			['public int area() {', 'public int area( {', 8, /`\(` is not closed/],
		],
		uses: ['area', ['14 called again']],
	},
	{
		path: 'a.c',
		good: `#include <stdio.h>
#define MAX(a, b) ((a) > (b) ? (a) : (b))

struct box { int new; char *class; };

static int *find(struct box *this, int (*compare)(int, int)) {
	int delete = compare(this->new, 1);
	return &this->new;
}

int main(void) {
	struct box b = { .new = 1, .class = "new" };
	printf("%d\\n", *find(&b, 0));
	return 0;
}
`,
		defines: ['class box 4-4', 'function find 6-9', 'function main 11-15'],
		broken: [
			['return 0;\n}', 'return 0;\n', 11, /`\{` is not closed/],
			['return 0;', 'return 0', 14, /`;` is missing/],
		],
		uses: ['find', ['13 called main']],
	},
	{
		path: 'a.cpp',
		good: `#include <vector>
namespace shapes {
template <typename T>
class Box : public Base {
public:
	Box(T width) : width_(std::move(width)) {}
	~Box() = default;
	T area() const noexcept { return width_ * width_; }
	bool operator==(const Box &other) const;
private:
	T width_;
};
}

template <class T>
bool shapes::Box<T>::operator==(const Box &other) const { return area() == other.area(); }

auto main() -> int {
	auto f = [&](auto x) { return x; };
	return f(shapes::Box<int>{1}.area());
}
`,
		defines: [
			'class shapes.Box 3-12',
			'method shapes.Box.Box 6-6',
			'method shapes.Box.~Box 7-7',
			'method shapes.Box.area 8-8',
			'function operator== 15-16',
			'function main 18-21',
		],
		broken: [
			['};\n}\n', '};\n', 2, /`\{` is not closed/],
			['return x; };', 'return x };', 19, /`;` is missing/],
		],
		uses: ['area', ['16 called operator==', '16 called operator==', '20 called main']],
	},
	{
		path: 'a.cs',
		good: `using System;
namespace Shapes;

public record Point(int X, int Y);

public class Box<T> : IShape where T : struct
{
    public Box(T width) => Width = width;
    public T Width { get; init; }
    public async Task<int> AreaAsync(int[] more)
    {
        int Twice(int x) => x * 2;
        return Twice(await more switch { [var one, ..] => Task.FromResult(one), _ => null! });
    }
}
`,
		defines: [
			'class Point 4-4',
			'class Box 6-15',
			'method Box.Box 8-8',
			'method Box.AreaAsync 10-14',
			'function Box.AreaAsync.Twice 12-12',
		],
		broken: [
			['x * 2;', 'x * 2', 13, /./],
			['(T width)', '(T width', 8, /`\(` is not closed/],
		],
		uses: ['Twice', ['13 called AreaAsync']],
	},
	{
		path: 'a.rb',
		good: `module Shapes
  class Box < Base
    attr_reader :width

    def initialize(width:) = @width = width

    def self.unit
      new(width: 1)
    end

    def area
      [1, 2].map { |x| "#{x * width}" }.first&.to_i
    end
  end
end

puts Shapes::Box.unit.area
`,
		defines: [
			'class Shapes 1-15',
			'class Shapes.Box 2-14',
			'method Shapes.Box.initialize 5-5',
			'method Shapes.Box.unit 7-9',
			'method Shapes.Box.area 11-13',
		],
		broken: [
			['[1, 2].map', '[1, 2.map', 12, /`\[` is not closed/],
			['    end\n  end\nend', '    end\n  end', 2, /./],
		],
		uses: ['area', ['17 called']],
	},
	{
		path: 'a.php',
		good: `<?php
declare(strict_types=1);
namespace Shapes;

final class Box implements Shape
{
    public function __construct(private readonly int $width = 1) {}

    public function area(): int
    {
        return match (true) { $this->width > 0 => twice($this->width), default => 0 };
    }
}

function twice(int $x): int { return $x * 2; }
?>
<p><?= (new Box(2))->area() ?></p>
`,
		defines: ['class Box 5-13', 'method Box.__construct 7-7', 'method Box.area 9-12', 'function twice 15-15'],
		broken: [
			['return $x * 2;', 'return $x * 2', 15, /`;` is missing/],
			['function area(', 'function area', 11, /./],
		],
		uses: ['twice', ['11 called area']],
	},
	{
		path: 'a.sh',
		good: `#!/bin/bash
set -euo pipefail

greet() {
  local name=\${1:-world}
  case "$name" in
    a|b) echo "hello $(upper "$name")" ;;
    *) echo none ;;
  esac
}

function upper { printf '%s' "\${1^^}"; }

if [[ -n "$1" ]]; then greet "$1"; fi
`,
		defines: ['function greet 4-10', 'function upper 12-12'],
		broken: [
			['; fi', '', 14, /`fi` is missing/],
			['esac', '', 14, /./],
		],
		uses: ['upper', ['7 called greet']],
	},
	{
		path: 'a.ps1',
		good: `function Get-Area($Width) {
    return $Width * 2
}
class Box {
    [int] Area() { return 1 }
}
Get-Area 2
`,
		defines: ['function Get-Area 1-3', 'class Box 4-6', 'method Box.Area 5-5'],
		broken: [['return $Width * 2\n}', 'return $Width * 2\n', 1, /`\{` is not closed/]],
	},
	{ path: 'a.css', good: 'a > b:hover {\n\tcolor: red;\n}\n', defines: [], broken: [['}', '', 1, /`\{` is not closed/]] },
	{ path: 'a.ini', good: '[a]\nb = c\n', defines: [], broken: [['[a]', '[a', 1, /./]] },
];
