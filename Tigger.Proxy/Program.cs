Console.WriteLine("tigger");
